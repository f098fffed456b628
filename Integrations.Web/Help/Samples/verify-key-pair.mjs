// Node 18 or newer, no packages. For an endpoint that signs by a key pair.
//   body       the raw bytes of the request (a Buffer), before any JSON parsing
//   headers    the request's headers as Node has them, with names in lower case
//   publicKey  the endpoint's public key, whole
import { createPublicKey, verify } from 'node:crypto';

// What stands before the 32 bytes of an Ed25519 key where Node reads one (RFC 8410).
const keyStart = Buffer.from('302a300506032b6570032100', 'hex');
const toleranceSeconds = 300;

// Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature.
export function isGenuine(body, headers, publicKey) {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  if (!/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > toleranceSeconds) return false;

  const bytes = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64');
  const key = createPublicKey({ key: Buffer.concat([keyStart, bytes]), format: 'der', type: 'spki' });
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  // While the key is being changed there are two signatures, with a space between.
  return (headers['webhook-signature'] ?? '').split(' ').some(given =>
    given.startsWith('v1a,') && verify(null, signed, key, Buffer.from(given.slice(4), 'base64')));
}
