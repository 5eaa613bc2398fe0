package publish

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// S3 is a tree in a bucket of an object store that speaks Amazon's S3. Buckets are
// addressed by path, which every such server understands.
type S3 struct {
	// Endpoint is the server, e.g. https://oss.example:9000.
	Endpoint string
	Bucket   string
	Prefix   string // before every path, e.g. "feed/"; may be empty
	Region   string // "": us-east-1
	Key      string
	Secret   string
	Client   *http.Client // nil: one with a limit of 5 minutes a request
}

const (
	attempts  = 4
	firstWait = 200 * time.Millisecond
	maxAnswer = 4 << 30 // bytes of an object
	maxError  = 16 << 10
)

// slow is for requests that no Client was given for.
var slow = &http.Client{Timeout: 5 * time.Minute}

// cache is what is told to caches about a path: objects never change.
func cache(path string) (contentType, control string) {
	switch {
	case strings.HasPrefix(path, "o/"):
		return "application/octet-stream", "public, max-age=31536000, immutable"
	case strings.HasPrefix(path, "root/"):
		return "application/json", "public, max-age=31536000, immutable"
	}
	return "application/json", "no-cache"
}

// Get implements Store.
func (s *S3) Get(ctx context.Context, path string) ([]byte, error) {
	return s.do(ctx, http.MethodGet, path, nil)
}

// Put implements Store: an object store shows an object whole or not at all.
func (s *S3) Put(ctx context.Context, path string, content []byte) error {
	if content == nil {
		content = []byte{}
	}
	_, err := s.do(ctx, http.MethodPut, path, content)
	return err
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, path string) error {
	_, err := s.do(ctx, http.MethodDelete, path, nil)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// List implements Store, by ListObjectsV2.
func (s *S3) List(ctx context.Context, prefix string) ([]string, error) {
	var out []string
	for token := ""; ; {
		q := url.Values{"list-type": {"2"}, "prefix": {s.Prefix + prefix}}
		if token != "" {
			q.Set("continuation-token", token)
		}
		text, err := s.send(ctx, request{http.MethodGet, "/" + s.Bucket, q, nil, ""})
		if err != nil {
			return nil, err
		}
		var page struct {
			Contents []struct{ Key string }
			Next     string `xml:"NextContinuationToken"`
			More     bool   `xml:"IsTruncated"`
		}
		if err := xml.Unmarshal(text, &page); err != nil {
			return nil, fmt.Errorf("publish: list %s: %w", prefix, err)
		}
		for _, c := range page.Contents {
			out = append(out, strings.TrimPrefix(c.Key, s.Prefix))
		}
		if token = page.Next; !page.More || token == "" {
			return out, nil
		}
	}
}

type request struct {
	method, path string
	query        url.Values
	content      []byte
	inTree       string // the path in the tree, for its headers
}

func (s *S3) do(ctx context.Context, method, path string, content []byte) ([]byte, error) {
	if !fs.ValidPath(path) {
		return nil, fmt.Errorf("publish: %q is no path in a tree", path)
	}
	return s.send(ctx, request{method, "/" + s.Bucket + "/" + s.Prefix + path, nil, content, path})
}

// send sends a request again, after a while, when the server was not able to
// answer it: all of them may be repeated.
func (s *S3) send(ctx context.Context, q request) ([]byte, error) {
	wait := firstWait
	for n := 1; ; n++ {
		answer, again, err := s.once(ctx, q)
		if err == nil || !again || n == attempts || ctx.Err() != nil {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(wait):
			wait *= 2
		}
	}
}

func (s *S3) once(ctx context.Context, q request) (answer []byte, again bool, err error) {
	u, err := url.Parse(s.Endpoint)
	if err != nil {
		return nil, false, fmt.Errorf("publish: the store's endpoint: %w", err)
	}
	u.Path, u.RawPath = q.path, escape(q.path, true)
	u.RawQuery = canonicalQuery(q.query)
	r, err := http.NewRequestWithContext(ctx, q.method, u.String(), bytes.NewReader(q.content))
	if err != nil {
		return nil, false, fmt.Errorf("publish: %w", err)
	}
	if q.method == http.MethodPut {
		contentType, control := cache(q.inTree)
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Cache-Control", control)
	}
	region := s.Region
	if region == "" {
		region = "us-east-1"
	}
	credentials{s.Key, s.Secret, region}.sign(r, q.content, time.Now())
	client := s.Client
	if client == nil {
		client = slow
	}
	res, err := client.Do(r)
	if err != nil {
		return nil, true, fmt.Errorf("publish: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode/100 == 2 {
		answer, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
		if err != nil {
			err = fmt.Errorf("publish: %s %s: %w", q.method, q.path, err)
		}
		return answer, err != nil, err
	}
	return nil, res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests, refusal(res, q)
}

// refusal is the error of an answer.
func refusal(res *http.Response, q request) error {
	var why struct{ Code, Message string }
	text, _ := io.ReadAll(io.LimitReader(res.Body, maxError))
	_ = xml.Unmarshal(text, &why) // the status tells enough without it
	err := fmt.Errorf("publish: %s %s: %s %s %s", q.method, q.path, res.Status, why.Code, why.Message)
	if res.StatusCode == http.StatusNotFound && why.Code != "NoSuchBucket" {
		err = fmt.Errorf("%w: %w", err, fs.ErrNotExist)
	}
	return err
}
