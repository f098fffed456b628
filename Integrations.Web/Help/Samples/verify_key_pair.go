// Package webhooks verifies webhooks that are signed by a key pair: Go 1.18 or
// newer, standard library only.
package webhooks

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const tolerance = 300 * time.Second

// IsGenuine checks Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature.
// The body is what came, byte for byte, before any JSON parsing; the key is the
// endpoint's public key, whole.
func IsGenuine(body []byte, header http.Header, publicKey string) bool {
	id, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	seconds, err := strconv.ParseUint(timestamp, 10, 40)
	if err != nil {
		return false
	}
	if age := time.Since(time.Unix(int64(seconds), 0)); age > tolerance || age < -tolerance {
		return false
	}

	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(publicKey, "whpk_"))
	if err != nil || len(key) != ed25519.PublicKeySize {
		return false
	}
	signed := append([]byte(id+"."+timestamp+"."), body...)
	// While the key is being changed there are two signatures, with a space between.
	for _, given := range strings.Split(header.Get("webhook-signature"), " ") {
		signature, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(given, "v1a,"))
		if err == nil && strings.HasPrefix(given, "v1a,") && ed25519.Verify(key, signed, signature) {
			return true
		}
	}
	return false
}
