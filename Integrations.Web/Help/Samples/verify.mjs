// Node 18 or newer, no packages.
//   body     the raw bytes of the request (a Buffer), before any JSON parsing
//   headers  the request's headers as Node has them, with names in lower case
//   secret   the endpoint's signing secret, whole
import { createHmac, timingSafeEqual } from 'node:crypto';

const hexHeader = 'x-webhook-signature';
const toleranceSeconds = 300;

// Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature.
export function isGenuine(body, headers, secret) {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  if (!/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > toleranceSeconds) return false;

  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  const expected = 'v1,' + createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  // While a secret is being changed there are two signatures, with a space between.
  return (headers['webhook-signature'] ?? '').split(' ').some(given => same(given, expected));
}

// The hex header signs the body alone. While a secret is being changed a second header carries the new one's signature.
export function isGenuineHex(body, headers, secret) {
  const expected = createHmac('sha256', secret).update(body).digest('hex');
  return same(headers[hexHeader] ?? '', expected) || same(headers['x-webhook-signature-next'] ?? '', expected);
}

function same(given, expected) {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
