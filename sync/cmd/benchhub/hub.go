package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"path/filepath"
	"time"

	"jobhome/sync/hub/ca"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/seal"
	"jobhome/sync/trust"
)

// openFleet opens a fleet on a database of its own in a directory.
func openFleet(ctx context.Context, dir string) (*fleet.Fleet, error) {
	db, err := hubdb.Open(ctx, "sqlite:"+filepath.Join(dir, "hub.db"))
	if err != nil {
		return nil, err
	}
	authority, err := ca.Open(filepath.Join(dir, "ca"), time.Now())
	if err != nil {
		return nil, err
	}
	key, err := seal.NewKey()
	if err != nil {
		return nil, err
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	return fleet.New(ctx, db, fleet.Opts{
		Now: time.Now, CA: authority, Signer: trust.NewSigner(private), Ring: seal.Ring{key.Key().ID(): key}, SealKey: key.Key().ID(),
		Audit: func(context.Context, string, string, string) error { return nil },
	})
}
