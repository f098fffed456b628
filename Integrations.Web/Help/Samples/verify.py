# Python 3.8 or newer, no packages.
#   body     the raw bytes of the request, before any JSON parsing
#   headers  the request's headers; a plain dict needs its names in lower case
#   secret   the endpoint's signing secret, whole
import base64
import hashlib
import hmac
import time

HEX_HEADER = "x-webhook-signature"
TOLERANCE_SECONDS = 300


def is_genuine(body, headers, secret):
    """Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature."""
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 20):
        return False
    if abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False

    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()
    # While a secret is being changed there are two signatures, with a space between.
    return any(_same(given, expected) for given in headers.get("webhook-signature", "").split(" "))


def is_genuine_hex(body, headers, secret):
    """The hex header signs the body alone. While a secret is being changed a second header carries the new one's signature."""
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    names = (HEX_HEADER, "x-webhook-signature-next")
    return any(_same(headers.get(name, ""), expected) for name in names)


def _key(secret):
    if not secret.startswith("whsec_"):
        return secret.encode()
    encoded = secret[len("whsec_"):].rstrip("=")
    return base64.b64decode(encoded + "=" * (-len(encoded) % 4))


def _same(given, expected):
    return hmac.compare_digest(given.encode(), expected.encode())
