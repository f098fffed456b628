// One JSON line in: {"hex","secret" (or public key),"headers","body" (base64)}. One line out: true or false, as the sample of the help says.
import { createInterface } from 'node:readline';
import * as sample from './verify.mjs';

for await (const line of createInterface({ input: process.stdin })) {
  const { hex, secret, headers, body } = JSON.parse(line);
  process.stdout.write((hex ? sample.isGenuineHex : sample.isGenuine)(Buffer.from(body, 'base64'), headers, secret) + '\n');
}
