package publish

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// credentials sign requests by AWS Signature Version 4 for S3, with the hash of
// the whole payload
// (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
type credentials struct{ key, secret, region string }

const (
	algorithm = "AWS4-HMAC-SHA256"
	amzTime   = "20060102T150405Z"
)

// sign signs a request with all headers that it has.
func (c credentials) sign(r *http.Request, payload []byte, now time.Time) {
	now = now.UTC()
	sum := sha256.Sum256(payload)
	r.Header.Set("X-Amz-Content-Sha256", hex.EncodeToString(sum[:]))
	r.Header.Set("X-Amz-Date", now.Format(amzTime))
	names, headers := canonicalHeaders(r)
	request := strings.Join([]string{
		r.Method, escape(r.URL.Path, true), canonicalQuery(r.URL.Query()), headers, names, hex.EncodeToString(sum[:]),
	}, "\n")
	hashed := sha256.Sum256([]byte(request))
	scope := now.Format("20060102") + "/" + c.region + "/s3/aws4_request"
	text := strings.Join([]string{algorithm, now.Format(amzTime), scope, hex.EncodeToString(hashed[:])}, "\n")
	key := []byte("AWS4" + c.secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	r.Header.Set("Authorization", algorithm+" Credential="+c.key+"/"+scope+
		",SignedHeaders="+names+",Signature="+hex.EncodeToString(mac(key, text)))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func canonicalHeaders(r *http.Request) (names, lines string) {
	values := map[string]string{"host": r.Host}
	if r.Host == "" {
		values["host"] = r.URL.Host
	}
	for name, v := range r.Header {
		values[strings.ToLower(name)] = strings.Join(v, ",")
	}
	var order []string
	for name := range values {
		order = append(order, name)
	}
	slices.Sort(order)
	for _, name := range order {
		lines += name + ":" + strings.Join(strings.Fields(values[name]), " ") + "\n"
	}
	return strings.Join(order, ";"), lines
}

func canonicalQuery(q url.Values) string {
	var pairs []string
	for name, values := range q {
		for _, v := range values {
			pairs = append(pairs, escape(name, false)+"="+escape(v, false))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// escape is the standard's UriEncode: every byte but unreserved ones (RFC 3986, 2.3).
func escape(s string, slashes bool) string {
	const hexadecimal = "0123456789ABCDEF"
	var out strings.Builder
	for _, c := range []byte(s) {
		plain := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
		if plain || slashes && c == '/' {
			out.WriteByte(c)
			continue
		}
		out.Write([]byte{'%', hexadecimal[c>>4], hexadecimal[c&15]})
	}
	return out.String()
}
