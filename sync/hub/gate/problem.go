package gate

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"jobhome/sync/hub/ca"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/trust"
)

// problem is a kind of error, by RFC 9457. Its name never changes; type is
// problemType + name.
type problem struct {
	name   string
	status int
	title  string
}

const problemType = "urn:jobhome:problem:"

// The kinds of problems; openapi.json has them all.
var (
	malformed          = problem{"malformed", http.StatusBadRequest, "The body is not what is read here"}
	noCertificate      = problem{"no-certificate", http.StatusUnauthorized, "A terminal's certificate is needed"}
	foreignCertificate = problem{"foreign-certificate", http.StatusForbidden, "The certificate is not one of a terminal of this hub"}
	certificateExpired = problem{"certificate-expired", http.StatusForbidden, "The certificate has expired: renew it"}
	unknownTerminal    = problem{"unknown-terminal", http.StatusForbidden, "The hub does not know this terminal"}
	revoked            = problem{"revoked", http.StatusForbidden, "The terminal was revoked"}
	otherTerminal      = problem{"other-terminal", http.StatusForbidden, "It is another terminal's, or of another key"}
	badSignature       = problem{"bad-signature", http.StatusForbidden, "The batch is not signed with the terminal's key"}
	badCode            = problem{"bad-code", http.StatusForbidden, "The enrolment code is not valid"}
	notFound           = problem{"not-found", http.StatusNotFound, "There is nothing here"}
	methodNotAllowed   = problem{"method-not-allowed", http.StatusMethodNotAllowed, "Not with this method"}
	tooLarge           = problem{"too-large", http.StatusRequestEntityTooLarge, "Send less at once"}
	notJSON            = problem{"not-json", http.StatusUnsupportedMediaType, "The body must be JSON"}
	badBatch           = problem{"bad-batch", http.StatusUnprocessableEntity, "What was signed is no batch of records"}
	badRequest         = problem{"bad-csr", http.StatusUnprocessableEntity, "No request for a certificate over an ed25519 key"}
	tooMany            = problem{"too-many", http.StatusTooManyRequests, "Too often: wait"}
	internal           = problem{"internal", http.StatusInternalServerError, "The hub failed"}
	busy               = problem{"busy", http.StatusServiceUnavailable, "The hub is busy: wait"}
)

// problems is the list of them.
func problems() []problem {
	return []problem{
		malformed, noCertificate, foreignCertificate, certificateExpired, unknownTerminal, revoked, otherTerminal, badSignature,
		badCode, notFound, methodNotAllowed, tooLarge, notJSON, badBatch, badRequest, tooMany, internal, busy,
	}
}

// refuse answers with a problem. Of the error behind it only the log is told.
func (g *Gate) refuse(w http.ResponseWriter, r *http.Request, p problem, err error) {
	if err != nil && r.Context().Err() == nil {
		level := g.o.Log.Info
		if p.status >= 500 {
			level = g.o.Log.Error
		}
		level("gate: refused", "path", r.URL.Path, "problem", p.name, "err", err)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	if p == busy && w.Header().Get("Retry-After") == "" {
		setRetryAfter(w, 10*time.Second)
	}
	w.WriteHeader(p.status)
	_ = json.NewEncoder(w).Encode(map[string]any{"type": problemType + p.name, "title": p.title, "status": p.status})
}

func setRetryAfter(w http.ResponseWriter, d time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int((d+time.Second-1)/time.Second)))
}

// fail answers with the problem that an error stands for.
func (g *Gate) fail(w http.ResponseWriter, r *http.Request, err error) {
	for _, k := range []struct {
		err error
		is  problem
	}{
		{ca.ErrExpired, certificateExpired},
		{ca.ErrForeign, foreignCertificate},
		{ca.ErrRequest, badRequest},
		{fleet.ErrRevoked, revoked},
		{fleet.ErrOther, otherTerminal},
		{fleet.ErrSignature, badSignature},
		{fleet.ErrCode, badCode},
		{fleet.ErrBatch, badBatch},
		{fleet.ErrUnknown, unknownTerminal},
		{trust.ErrForm, malformed},
		{trust.ErrType, malformed},
		{context.DeadlineExceeded, busy},
	} {
		if errors.Is(err, k.err) {
			g.refuse(w, r, k.is, err)
			return
		}
	}
	g.refuse(w, r, internal, err)
}
