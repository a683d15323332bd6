import { createHmac } from 'node:crypto';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Deliveries } from '../../src/app/deliveries.ts';
import { receive, type Delivery } from '../../src/app/receive.ts';
import type { Clock } from '../../src/ports/clock.ts';

const secret = 'a secret of the webhook';
const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

const never: Clock = {
  now: () => 0,
  random: () => 0,
  sleep: (_ms, signal) =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('woken')))),
};
const atOnce: Clock = { ...never, sleep: () => Promise.resolve() };
const quiet = { info() {}, warn() {}, error() {} };

async function serve(handle: (delivery: Delivery) => Promise<void>, clock = never) {
  const receiver = { secret, deliveries: new Deliveries(), clock, log: quiet, handle };
  const server = createServer((request, response) => void receive(request, response, receiver));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function post(url: string, body: string, headers: Record<string, string> = {}) {
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  return fetch(`${url}/api/github/webhooks`, {
    method: 'POST',
    body,
    headers: {
      'x-github-delivery': 'd1',
      'x-github-event': 'push',
      'x-hub-signature-256': signature,
      ...headers,
    },
  });
}

test('a signed delivery is handled once', async () => {
  const handled: Delivery[] = [];
  const url = await serve(async (delivery) => void handled.push(delivery));
  expect((await post(url, '{"a":1}')).status).toBe(200);
  expect(await (await post(url, '{"a":1}')).json()).toEqual({ ok: true, says: 'seen before' });
  expect(handled).toEqual([{ id: 'd1', event: 'push', payload: { a: 1 } }]);
});

test.each([
  ['another body', '{"a":2}', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
  ['a short signature', '{}', { 'x-hub-signature-256': 'sha256=00' }],
  ['the old SHA-1 signature', '{}', { 'x-hub-signature-256': `sha1=${'0'.repeat(40)}` }],
])('%s is refused before it is parsed', async (_name, body, headers) => {
  const url = await serve(() => Promise.reject(new Error('must not be called')));
  expect((await post(url, body, headers)).status).toBe(401);
});

test('what is signed and no JSON is refused', async () => {
  const url = await serve(() => Promise.reject(new Error('must not be called')));
  expect((await post(url, 'not json')).status).toBe(400);
});

test('a failure tells the sender nothing, and the delivery may come again', async () => {
  let calls = 0;
  const url = await serve(() => {
    calls += 1;
    return Promise.reject(new Error('password hunter2'));
  });
  const answer = await post(url, '{}');
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('hunter2');
  await post(url, '{}');
  expect(calls).toBe(2);
});

test('work that takes long is answered in time', async () => {
  const url = await serve(() => new Promise<void>(() => {}), atOnce);
  expect((await post(url, '{}')).status).toBe(202);
});

const megabytes = 1024 * 1024;

/** Sends garbage until it is answered, or has sent `size`; tells the answer and how much went out. */
function pour(url: string, size: number, headers: Record<string, string>) {
  return new Promise<{ status: number; sent: number }>((resolve, reject) => {
    const chunk = Buffer.alloc(megabytes, 'x');
    const signature = `sha256=${'0'.repeat(64)}`;
    const sending = ask(`${url}/api/github/webhooks`, {
      method: 'POST',
      headers: { 'x-hub-signature-256': signature, ...headers },
    });
    let [sent, isAnswered] = [0, false];
    const more = (): void => {
      if (isAnswered || sent >= size) return void sending.end();
      sent += chunk.length;
      sending.write(chunk, more);
    };
    sending.on('response', (answer) => {
      isAnswered = true;
      answer.resume().once('end', () => {
        sending.destroy();
        resolve({ status: answer.statusCode!, sent });
      });
    });
    sending.on('error', (error) => (isAnswered ? undefined : reject(error)));
    more();
  });
}

test('a body over the limit is refused by its length, before it is read', async () => {
  const url = await serve(() => Promise.reject(new Error('must not be called')));
  const length = { 'content-length': String(26 * megabytes) };
  const { status, sent } = await pour(url, 26 * megabytes, length);
  expect(status).toBe(413);
  expect(sent).toBeLessThan(20 * megabytes);
});

test('a body without a length is refused at the limit', async () => {
  const url = await serve(() => Promise.reject(new Error('must not be called')));
  const { status, sent } = await pour(url, 200 * megabytes, {});
  expect(status).toBe(413);
  expect(sent).toBeLessThan(60 * megabytes);
});

test('what is not signed at all is refused before it is read', async () => {
  const url = await serve(() => Promise.reject(new Error('must not be called')));
  const server = await fetch(`${url}/api/github/webhooks`, { method: 'POST', body: '{}' });
  expect(server.status).toBe(401);
  const unsigned = { 'x-hub-signature-256': 'sha256=0' };
  const { status, sent } = await pour(url, 20 * megabytes, unsigned);
  expect([status, sent < 20 * megabytes]).toEqual([401, true]);
});

test('there is a health page, and nothing else', async () => {
  const url = await serve(() => Promise.resolve());
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/`)).status).toBe(404);
  expect((await fetch(`${url}/api/github/webhooks`)).status).toBe(405);
});
