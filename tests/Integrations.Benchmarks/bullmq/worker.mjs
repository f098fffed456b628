// Adds the jobs, then delivers them with a worker: each posts a signed body to the sink and keeps the answer as the job's result.
// node worker.mjs <redis port> <sink> <jobs> <concurrency>; prints {"published":n,"delivered":n}, both a second.
import { createHmac, randomBytes } from 'node:crypto';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Agent, request } from 'undici';

const [port, sink, count, concurrency] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const endpoints = 50;
const connect = () => new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: null });
const agent = new Agent({ connections: concurrency, pipelining: 1 });
const secrets = Array.from({ length: endpoints }, () => randomBytes(32));
const data = { text: 'x'.repeat(900) };

const store = connect();
await store.flushall();
const queue = new Queue('deliveries', { connection: store });

async function publish() {
  const start = performance.now();
  const lots = Array.from({ length: count / 100 }, (_, lot) => lot);
  const add = async () => {
    for (let lot = lots.pop(); lot !== undefined; lot = lots.pop()) {
      await queue.addBulk(Array.from({ length: 100 }, (_, i) => ({
        name: 'delivery',
        data: { endpoint: i % endpoints, id: `evt_${randomBytes(13).toString('hex')}`, type: `custom.benchmark_${i % endpoints}`, timestamp: new Date().toISOString(), data },
        opts: { attempts: 5, backoff: { type: 'exponential', delay: 2000 } },
      })));
    }
  };
  await Promise.all(Array.from({ length: 8 }, add));
  return count / ((performance.now() - start) / 1000);
}

async function deliver({ data: job }) {
  const body = Buffer.from(JSON.stringify({ id: job.id, type: job.type, event: job.type, timestamp: job.timestamp, data: job.data }));
  const timestamp = Math.floor(Date.now() / 1000);
  const secret = secrets[job.endpoint];
  const start = performance.now();
  const answer = await request(`${sink}/receive/${job.endpoint}`, {
    method: 'POST',
    dispatcher: agent,
    body,
    headersTimeout: 10_000,
    headers: {
      'content-type': 'application/json',
      'webhook-id': job.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${createHmac('sha256', secret).update(`${job.id}.${timestamp}.`).update(body).digest('base64')}`,
      'x-webhook-signature': createHmac('sha256', secret).update(body).digest('hex'),
    },
  });
  const text = await answer.body.text();
  if (answer.statusCode < 200 || answer.statusCode > 299) {
    throw new Error(`The endpoint answered ${answer.statusCode}.`);
  }

  return { status: answer.statusCode, headers: answer.headers, body: text, milliseconds: performance.now() - start };
}

async function work() {
  const start = performance.now();
  let left = count;
  const worker = new Worker('deliveries', deliver, { connection: connect(), concurrency, lockDuration: 120_000 });
  await new Promise((resolve, reject) => {
    worker.on('completed', () => --left === 0 && resolve());
    worker.on('failed', (_, error) => reject(error));
    worker.on('error', reject);
  });
  const rate = count / ((performance.now() - start) / 1000);
  await worker.close();
  return rate;
}

const published = await publish();
const delivered = await work();
console.log(JSON.stringify({ published, delivered }));
process.exit(0);
