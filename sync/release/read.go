package release

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ReadManifest reads the payload of a manifest's envelope, once that is proven.
func ReadManifest(payload []byte) (Manifest, error) {
	var m Manifest
	if err := one(payload, maxManifest, &m); err != nil {
		return Manifest{}, fmt.Errorf("release: a manifest %w: %w", ErrForm, err)
	}
	if err := m.Check(); err != nil {
		return Manifest{}, err
	}
	return m, nil
}

// ReadOffer reads the payload of an offer's envelope, once that is proven.
func ReadOffer(payload []byte) (Offer, error) {
	var o Offer
	if err := one(payload, MaxOffer, &o); err != nil {
		return Offer{}, fmt.Errorf("release: an offer %w: %w", ErrForm, err)
	}
	if err := o.Check(); err != nil {
		return Offer{}, err
	}
	return o, nil
}

// one reads exactly one JSON value of bounded size and depth.
func one(text []byte, most int, into any) error {
	if len(text) > most {
		return fmt.Errorf("it has %d bytes of at most %d", len(text), most)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	for depth := 0; ; {
		switch t, err := d.Token(); {
		case errors.Is(err, io.EOF):
			return json.Unmarshal(text, into) // which also refuses a second value
		case err != nil:
			return err
		case t == json.Delim('{') || t == json.Delim('['):
			if depth++; depth > maxDepth {
				return fmt.Errorf("it is nested deeper than %d", maxDepth)
			}
		case t == json.Delim('}') || t == json.Delim(']'):
			depth--
		}
	}
}
