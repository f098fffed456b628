# Python 3.8 or newer, with the package cryptography. For an endpoint that signs by a key pair.
#   body        the raw bytes of the request, before any JSON parsing
#   headers     the request's headers; a plain dict needs its names in lower case
#   public_key  the endpoint's public key, whole
import base64
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TOLERANCE_SECONDS = 300


def is_genuine(body, headers, public_key):
    """Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature."""
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 20):
        return False
    if abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False

    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key[len("whpk_"):]))
    signed = f"{message_id}.{timestamp}.".encode() + body
    # While the key is being changed there are two signatures, with a space between.
    return any(_fits(given, key, signed) for given in headers.get("webhook-signature", "").split(" "))


def _fits(given, key, signed):
    if not given.startswith("v1a,"):
        return False
    try:
        key.verify(base64.b64decode(given[len("v1a,"):]), signed)
        return True
    except (InvalidSignature, ValueError):
        return False
