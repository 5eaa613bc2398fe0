package people

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckPassword(t *testing.T) {
	a := Account{Name: "wangfang"}
	for _, c := range []struct {
		password string
		want     error
	}{
		{"correct horse battery", nil},
		{"晴天去茶山街道上班走路十分", nil},
		{"茶山街道好天气啊", ErrShort}, // characters, not bytes
		{"short1!", ErrShort},
		{strings.Repeat("ab1!", 33), ErrLong},
		{"13800138000", ErrDigits},
		{"2026112520261125", ErrDigits},
		{"aaaaaaaaaaaa", ErrPlain},
		{"abababababab", ErrPlain},
		{"abcdefghijkl", ErrPlain},
		{"qwertyuiop", ErrPlain},
		{"Admin@123456", ErrPlain},
		{"Password12345", ErrPlain},
		{"my-WangFang-2026", ErrPlain},
	} {
		if err := a.CheckPassword(c.password); !errors.Is(err, c.want) || err != nil && c.want == nil {
			t.Errorf("%q: %v, not %v", c.password, err, c.want)
		}
	}
}

func TestHash(t *testing.T) {
	one, two := cheap.hash(secret), cheap.hash(secret)
	if one == two {
		t.Error("the same password gives the same hash: there is no salt")
	}
	if ok, old, err := cheap.verify(secret, one); !ok || old || err != nil {
		t.Errorf("the right password: %v %v %v", ok, old, err)
	}
	if ok, _, err := cheap.verify(secret+" ", one); ok || err != nil {
		t.Errorf("a wrong password: %v %v", ok, err)
	}
	if ok, old, err := todaysCost.verify(secret, one); !ok || !old || err != nil {
		t.Errorf("an older cost: %v %v %v", ok, old, err)
	}
	fields := strings.Split(one, "$")
	for _, broken := range []string{
		"", secret, "$argon2i$" + strings.Join(fields[2:], "$"), strings.Replace(one, "v=19", "v=16", 1),
		strings.Replace(one, "m=64", "m=99999999", 1), strings.Replace(one, "t=1", "t=0", 1),
		strings.Join(fields[:5], "$") + "$", one + "!",
	} {
		if ok, _, err := cheap.verify(secret, broken); ok || err == nil && !strings.HasSuffix(broken, "$") {
			t.Errorf("%q: %v %v", broken, ok, err)
		}
	}
	// OWASP's password storage sheet asks for 19 MiB and two passes at least.
	if todaysCost.memory < 19<<10 || todaysCost.passes < 2 {
		t.Errorf("today's cost is %+v", todaysCost)
	}
}
