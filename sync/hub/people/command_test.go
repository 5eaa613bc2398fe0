package people

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestCommand(t *testing.T) {
	each(t, func(t *testing.T, p *People, c *clock) {
		run := func(line string) (string, error) {
			var out strings.Builder
			err := p.Command(t.Context(), &out, strings.Fields(line)...)
			return strings.TrimSpace(out.String()), err
		}
		opens := func(said string) bool {
			name, password, _ := strings.Cut(said, ": ")
			_, err := p.Login(t.Context(), Try{Name: name, Password: password})
			return err == nil
		}
		first, err := run("user add -name wang -person 王芳 -role city -area 360482")
		if err != nil || !opens(first) {
			t.Fatalf("%q, %v", first, err)
		}
		second, err := run("user password -name wang")
		if err != nil || opens(first) || !opens(second) || first == second {
			t.Errorf("%q, %q, %v", first, second, err)
		}
		if got, err := run("user list"); err != nil || got != "wang\t王芳\tcity 360482" {
			t.Errorf("%q, %v", got, err)
		}
		mark, err := run("audit verify")
		if _, bad := ParseMark(mark); err != nil || bad != nil {
			t.Errorf("%q, %v", mark, err)
		}
		if _, err := run("audit verify " + mark); err != nil {
			t.Error(err)
		}
		if n, err := run("audit prune -before " + c.now().Add(-2*KeepAudit).Format(time.DateOnly)); err != nil || n != "0" {
			t.Errorf("%s, %v", n, err)
		}
		if _, err := run("audit prune -before " + c.now().Format(time.DateOnly)); !errors.Is(err, ErrKeep) {
			t.Error(err)
		}
		tamper(t, p, `UPDATE people_audit SET note = 'x' WHERE seq = 1`)
		if said, err := run("audit verify"); err == nil || said != "" {
			t.Errorf("a changed log: %q, %v", said, err)
		}
		for _, bad := range []string{
			"", "user", "user x", "user add", "user add -name wang -person x -role city -area 36", "user add -name li -person x -role king -area 36",
			"user password -name nobody", "user add -x", "audit verify x", "audit prune -before x",
		} {
			if said, err := run(bad); err == nil {
				t.Errorf("%q is done: %q", bad, said)
			}
		}
	})
}
