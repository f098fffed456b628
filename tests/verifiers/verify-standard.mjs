// One JSON line in: {"secret","headers","body" (base64)}. One JSON line out: what each receiver's library says of it.
import { createInterface } from "node:readline";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

function accepts(Webhook, { secret, headers, body }) {
  try {
    new Webhook(secret).verify(Buffer.from(body, "base64").toString("utf8"), headers);
    return true;
  } catch {
    return false;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const verdict = { standardwebhooks: accepts(StandardWebhook, request), svix: accepts(SvixWebhook, request) };
  process.stdout.write(JSON.stringify(verdict) + "\n");
}
