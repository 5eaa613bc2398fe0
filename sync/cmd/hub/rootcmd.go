package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"jobhome/kiosk/durable"
	"jobhome/sync/trust"
)

// A new root is proposed on the hub, carried to those who hold root keys, signed
// by each, and accepted on the hub again:
//
//	hub root next -head draft.json
//	hub root sign 1.pem draft.json     (elsewhere, by two of three)
//	hub root accept draft.json

func runRoot(_ context.Context, m *Main, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	switch args[0] {
	case "next":
		return m.rootNext(args[1:])
	case "sign":
		return m.rootSign(args[1:])
	case "accept":
		return m.rootAccept(args[1:])
	case "show":
		return m.rootShow()
	}
	return errUsage
}

// nextDir holds new keys until the root that names them is accepted.
func nextDir(data string) string { return filepath.Join(data, "keys", "next") }

func (m *Main) rootNext(args []string) error {
	flags := flag.NewFlagSet("root next", flag.ContinueOnError)
	head := flags.Bool("head", false, "a new key for the heads of boards: a new epoch begins")
	ack := flags.Bool("ack", false, "a new key for what terminals are answered")
	sealing := flags.Bool("seal", false, "a new key that residents' requests are sealed to; older ones still open theirs")
	rest, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errUsage
	}
	s, err := m.load()
	if err != nil {
		return err
	}
	k, err := loadKeys(s.Data)
	if err != nil {
		return err
	}
	root := k.root.Successor(time.Now().UTC().Truncate(time.Second), rootLife)
	for role, wanted := range map[string]bool{trust.RoleHead: *head, trust.RoleAck: *ack} {
		if !wanted {
			continue
		}
		signer, err := newSigner(filepath.Join(nextDir(s.Data), role+".pem"))
		if err != nil {
			return err
		}
		root.SetRole(role, 1, signer.Key())
	}
	if *sealing {
		key, err := newSealKey(filepath.Join(s.Data, "keys", "seal"))
		if err != nil {
			return err
		}
		root.Seal = append([]trust.SealKey{key}, root.Seal...)
	}
	e, err := root.Sign()
	if err != nil {
		return err
	}
	if err := writeEnvelope(rest[0], e); err != nil {
		return err
	}
	fmt.Fprintf(m.Out, "%s 是第 %d 个根的草稿；请 %d 位保管人各签一次：hub root sign 钥匙 %s\n", rest[0], root.N, root.Roles[trust.RoleRoot].Threshold, rest[0])
	return nil
}

func (m *Main) rootSign(args []string) error {
	if len(args) != 2 {
		return errUsage
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	signer, err := trust.ReadSigner(text)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	e, err := readEnvelope(args[1])
	if err != nil {
		return err
	}
	if err := e.Add(signer); err != nil {
		return err
	}
	if err := writeEnvelope(args[1], e); err != nil {
		return err
	}
	fmt.Fprintf(m.Out, "已签，%s 上现有 %d 个签名\n", args[1], len(e.Signatures))
	return nil
}

func (m *Main) rootAccept(args []string) error {
	if len(args) != 1 {
		return errUsage
	}
	s, err := m.load()
	if err != nil {
		return err
	}
	k, err := loadRoots(s.Data) // the keys may be half in place, of an accept that was cut off
	if err != nil {
		return err
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	root, err := k.root.Follow(text)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	for _, role := range []string{trust.RoleHead, trust.RoleAck} {
		if err := held(s.Data, role, &root); err != nil {
			return err
		}
	}
	// Keys first: a root that names keys which the hub has not would stop it.
	for _, role := range []string{trust.RoleHead, trust.RoleAck} {
		if err := takeNext(s.Data, role, &root); err != nil {
			return err
		}
	}
	if err := durable.Replace(rootPath(s.Data, root.N), text); err != nil {
		return err
	}
	fmt.Fprintf(m.Out, "第 %d 个根已生效（纪元 %d）；重新启动 hub，终端下次同步时跟上\n", root.N, root.Epoch)
	return nil
}

// errNotHeld tells that a root would stop the hub.
var errNotHeld = errors.New("the hub has no key that this root names; it may be of an older draft than the newest")

// held tells whether the hub has a key that the root names for a role, in its
// place or made for it.
func held(data, role string, root *trust.Root) error {
	for _, dir := range []string{filepath.Join(data, "keys"), nextDir(data)} {
		text, err := os.ReadFile(filepath.Join(dir, role+".pem"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return err
		}
		signer, err := trust.ReadSigner(text)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Join(dir, role+".pem"), err)
		}
		if slices.Contains(root.Roles[role].Keys, signer.Key().ID()) {
			return nil
		}
	}
	return fmt.Errorf("role %s: %w", role, errNotHeld)
}

// takeNext puts the key that was made for a role in its place, if the root
// names it.
func takeNext(data, role string, root *trust.Root) error {
	from := filepath.Join(nextDir(data), role+".pem")
	text, err := os.ReadFile(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	signer, err := trust.ReadSigner(text)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	for _, id := range root.Roles[role].Keys {
		if id == signer.Key().ID() {
			if err := durable.Replace(filepath.Join(data, "keys", role+".pem"), text); err != nil {
				return err
			}
			return os.Remove(from)
		}
	}
	return nil
}

// rootShow writes what the newest root says, for people who compare it.
func (m *Main) rootShow() error {
	s, err := m.load()
	if err != nil {
		return err
	}
	k, err := loadKeys(s.Data)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(m.Out)
	enc.SetIndent("", "  ")
	return enc.Encode(k.root)
}

func readEnvelope(path string) (trust.Envelope, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return trust.Envelope{}, err
	}
	var e trust.Envelope // a draft has no signature yet, which ReadEnvelope refuses
	if err := json.Unmarshal(text, &e); err != nil || e.PayloadType != trust.TypeRoot {
		return trust.Envelope{}, fmt.Errorf("%s is no draft of a root", path)
	}
	return e, nil
}

func writeEnvelope(path string, e trust.Envelope) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return durable.Replace(path, text)
}
