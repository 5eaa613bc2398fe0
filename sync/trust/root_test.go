package trust

import (
	"encoding/json"
	"errors"
	"testing"
)

func TestReadRoot(t *testing.T) {
	text := signed(t, first(), 1, 3)
	r, err := ReadRoot(text)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(r)
	b, _ := json.Marshal(first())
	if string(a) != string(b) {
		t.Errorf("%s\nis read as\n%s", b, a)
	}
	for what, text := range map[string][]byte{
		"one signature":  signed(t, first(), 1),
		"strangers":      signed(t, first(), 1, 4),
		"not its role":   signed(t, first(), 1, 10),
		"larger than 64": make([]byte, MaxRoot+1),
	} {
		if _, err := ReadRoot(text); !errors.Is(err, ErrThreshold) && !errors.Is(err, ErrForm) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestRootCheck(t *testing.T) {
	good := first()
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	one := key(1).Key().ID()
	for what, change := range map[string]func(*Root){
		"format":             func(r *Root) { r.Format = 2 },
		"no number":          func(r *Root) { r.N = 0 },
		"no epoch":           func(r *Root) { r.Epoch = 0 },
		"an epoch too great": func(r *Root) { r.Epoch = 1 << 31 },
		"expired when born":  func(r *Root) { r.Expires = r.Issued },
		"a key misnamed":     func(r *Root) { r.Keys[one] = key(2).Key() },
		"no acks":            func(r *Root) { delete(r.Roles, RoleAck) },
		"too high":           func(r *Root) { r.Roles[RoleRoot] = Role{r.Roles[RoleRoot].Keys, 4} },
		"threshold 0":        func(r *Root) { r.Roles[RoleRoot] = Role{r.Roles[RoleRoot].Keys, 0} },
		"a key twice":        func(r *Root) { r.Roles[RoleRoot] = Role{[]string{one, one}, 2} },
		"a key not given":    func(r *Root) { r.Roles[RoleRoot] = Role{[]string{one, "0123456789abcdef"}, 1} },
		"sealing key twice":  func(r *Root) { r.Seal = append(r.Seal, r.Seal[0]) },
		"sealing key empty":  func(r *Root) { r.Seal = []SealKey{{"s1", "x25519", nil}} },
	} {
		r := first()
		change(&r)
		if err := r.Check(); !errors.Is(err, ErrForm) {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := r.Sign(key(1), key(2)); err == nil {
			t.Errorf("%s: signed", what)
		}
	}
}

// chain is three roots: the second replaces two root keys, the third the key of
// heads.
func chain(t *testing.T) (first_, second, third Root, text map[uint32][]byte) {
	first_ = first()
	second = first_.Successor(day.AddDate(2, 0, 0), 1)
	second.SetRole(RoleRoot, 2, keys(3, 5)...)
	third = second.Successor(day.AddDate(3, 0, 0), 1e9*3600)
	third.SetRole(RoleHead, 1, keys(11, 11)...)
	return first_, second, third, map[uint32][]byte{
		1: signed(t, first_, 1, 2), 2: signed(t, second, 1, 3, 4), 3: signed(t, third, 4, 5),
	}
}

// The second root lived for a nanosecond, when this terminal was offline: it
// leads on all the same.
func TestWalk(t *testing.T) {
	from, _, third, text := chain(t)
	var asked []uint32
	got, last, err := Walk(from, func(n uint32) ([]byte, error) { asked = append(asked, n); return text[n], nil })
	if err != nil || got.N != 3 || string(last) != string(text[3]) || len(asked) != 3 {
		t.Fatalf("root %d after %v, %v", got.N, asked, err)
	}
	if got.Epoch != third.Epoch || third.Epoch != 2 {
		t.Errorf("epoch %d: a new key for heads must raise it", got.Epoch)
	}
	if _, ok := got.Keys[key(10).Key().ID()]; ok {
		t.Error("the old key of heads is still there")
	}
	if _, ok := from.Keys[key(10).Key().ID()]; !ok || from.Epoch != 1 {
		t.Error("the root before was changed too")
	}
}

func TestWalkStopsAtWhatDoesNotFollow(t *testing.T) {
	from, second, third, good := chain(t)
	lower := second.Successor(day, 1)
	lower.Epoch = 1
	high := second
	high.Epoch = 2
	for what, v := range map[string]struct {
		n    uint32
		text []byte
		want error
	}{
		"too few of the old keys":     {2, signed(t, second, 1, 4, 5), ErrThreshold},
		"too few of the new keys":     {2, signed(t, second, 1, 2, 3), ErrThreshold},
		"one left out":                {2, good[3], ErrChain},
		"the same again":              {2, good[1], ErrChain},
		"keys that were replaced":     {3, signed(t, third, 1, 2), ErrThreshold},
		"a head's key signs roots":    {2, signed(t, second, 10, 3, 4), ErrThreshold},
		"not a root":                  {2, []byte(`{"payloadType":"` + TypeHead + `","payload":"","signatures":[]}`), ErrType},
		"cut short":                   {2, good[2][:len(good[2])/2], ErrForm},
		"too large":                   {2, make([]byte, MaxRoot+1), ErrForm},
		"nothing wrong (a control)":   {2, good[2], nil},
		"nothing wrong (one further)": {3, good[3], nil},
	} {
		text := map[uint32][]byte{2: good[2], 3: good[3]}
		text[v.n] = v.text
		got, last, err := Walk(from, func(n uint32) ([]byte, error) { return text[n], nil })
		if !errors.Is(err, v.want) || (v.want == nil) != (err == nil) {
			t.Errorf("%s: %v", what, err)
		}
		if v.want == nil {
			continue
		}
		if got.N != v.n-1 || (last == nil) != (v.n == 2) {
			t.Errorf("%s: root %d is left, not %d", what, got.N, v.n-1)
		}
	}
	if _, err := high.Follow(signed(t, lower, 3, 4)); !errors.Is(err, ErrChain) {
		t.Errorf("an epoch went down: %v", err)
	}
}

// A server that has a new root for every question is left after a bounded number.
func TestWalkEnds(t *testing.T) {
	now, asked := first(), 0
	newest := now
	got, _, err := Walk(now, func(uint32) ([]byte, error) {
		asked++
		newest = newest.Successor(day, 1)
		return signed(t, newest, 1, 2), nil
	})
	if err != nil || asked != mostSteps || got.N != 1+mostSteps {
		t.Errorf("root %d after %d questions, %v", got.N, asked, err)
	}
	broken := errors.New("no network")
	if got, _, err := Walk(now, func(uint32) ([]byte, error) { return nil, broken }); !errors.Is(err, broken) || got.N != 1 {
		t.Errorf("root %d, %v", got.N, err)
	}
}

// A root may be without the role of releases; with it, none of its keys is the hub's.
func TestImageRole(t *testing.T) {
	for what, v := range map[string]struct {
		threshold int
		keys      []Key
		want      error
	}{
		"two of three":        {2, keys(30, 32), nil},
		"holders of roots":    {2, keys(1, 3), nil},
		"more than there are": {4, keys(30, 32), ErrForm},
		"no threshold":        {0, keys(30, 32), ErrForm},
		"the key of heads":    {1, keys(10, 11), ErrForm},
		"the key of acks":     {1, keys(19, 20), ErrForm},
	} {
		before := first()
		if _, ok := before.Roles[RoleImage]; ok || before.Check() != nil {
			t.Fatal("the control has the role, or is wrong without it")
		}
		next := before.Successor(day, 1)
		next.SetRole(RoleImage, v.threshold, v.keys...)
		if err := next.Check(); !errors.Is(err, v.want) {
			t.Errorf("%s: %v", what, err)
		}
		if next.Epoch != before.Epoch {
			t.Errorf("%s: the epoch rose", what)
		}
		if v.want != nil {
			continue
		}
		if got, err := before.Follow(signed(t, next, 1, 2)); err != nil || got.Roles[RoleImage].Threshold != v.threshold {
			t.Errorf("%s: %v", what, err)
		}
	}
}
