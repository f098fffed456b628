// Package webhooks verifies webhooks: Go 1.18 or newer, standard library only.
package webhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const hexHeader = "X-Webhook-Signature"
const tolerance = 300 * time.Second

// IsGenuine checks Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature.
// The body is what came, byte for byte, before any JSON parsing; the secret is
// the endpoint's signing secret, whole.
func IsGenuine(body []byte, header http.Header, secret string) bool {
	id, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	seconds, err := strconv.ParseUint(timestamp, 10, 40)
	if err != nil {
		return false
	}
	if age := time.Since(time.Unix(int64(seconds), 0)); age > tolerance || age < -tolerance {
		return false
	}

	key := []byte(secret)
	if strings.HasPrefix(secret, "whsec_") {
		encoded := strings.TrimRight(strings.TrimPrefix(secret, "whsec_"), "=")
		if key, err = base64.RawStdEncoding.DecodeString(encoded); err != nil {
			return false
		}
	}
	expected := "v1," + base64.StdEncoding.EncodeToString(sign(key, []byte(id+"."+timestamp+"."), body))
	// While a secret is being changed there are two signatures, with a space between.
	for _, given := range strings.Split(header.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(given), []byte(expected)) {
			return true
		}
	}
	return false
}

// IsGenuineHex checks the hex header, which signs the body alone.
// While a secret is being changed a second header carries the new one's signature.
func IsGenuineHex(body []byte, header http.Header, secret string) bool {
	expected := []byte(hex.EncodeToString(sign([]byte(secret), body)))
	return hmac.Equal([]byte(header.Get(hexHeader)), expected) ||
		hmac.Equal([]byte(header.Get("X-Webhook-Signature-Next")), expected)
}

func sign(key []byte, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}
