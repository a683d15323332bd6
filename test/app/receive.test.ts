import { createHmac } from 'node:crypto';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { BodyRoom } from '../../src/app/read-body.ts';
import { receive, type Receiver } from '../../src/app/receive.ts';
import type { NewItem } from '../../src/ports/store.ts';

const secret = 'a secret of the webhook';
const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

const quiet = { info() {}, warn() {}, error() {} };
const comment = JSON.stringify({
  action: 'created',
  repository: { id: 7 },
  issue: { number: 3 },
  comment: { body: '/status' },
});

async function serve(more: Partial<Receiver> = {}) {
  const seen = new Map<string, NewItem>();
  const receiver: Receiver = {
    secret,
    room: new BodyRoom(),
    log: quiet,
    wake() {},
    trouble: () => Promise.resolve(null),
    inbox: {
      put: (item) => {
        const taken = seen.has(item.id) ? 'seen' : 'new';
        seen.set(item.id, item);
        return Promise.resolve(taken);
      },
    },
    ...more,
  };
  const server = createServer((request, response) => void receive(request, response, receiver));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function post(url: string, body: string, headers: Record<string, string> = {}) {
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  return fetch(`${url}/api/github/webhooks`, {
    method: 'POST',
    body,
    headers: {
      'x-github-delivery': 'd1',
      'x-github-event': 'issue_comment',
      'x-hub-signature-256': signature,
      ...headers,
    },
  });
}

test('a signed delivery is written down, then acknowledged, once', async () => {
  let wakes = 0;
  const { url, seen } = await serve({ wake: () => void (wakes += 1) });
  expect((await post(url, comment)).status).toBe(202);
  expect(await (await post(url, comment)).json()).toEqual({ ok: true, says: 'seen before' });
  expect([...seen.values()]).toEqual([
    { id: 'd1', kind: 'issue_comment', lane: '7 #3', body: comment },
  ]);
  expect(wakes).toBe(1);
});

test('what cannot be written down is not acknowledged, and the sender learns nothing', async () => {
  const inbox = { put: () => Promise.reject(new Error('password hunter2')) };
  const { url } = await serve({ inbox });
  const answer = await post(url, comment);
  expect(answer.status).toBe(503);
  expect(await answer.text()).not.toContain('hunter2');
});

test.each([
  ['another action', '{"action":"deleted"}', 'issue_comment'],
  ['an event that nobody handles', '{}', 'star'],
  ['a name that every object has', '{}', 'constructor'],
  [
    'a comment without a command',
    '{"action":"created","comment":{"body":"we may /deploy it later"}}',
    'issue_comment',
  ],
])('%s is taken and not written down', async (_name, body, event) => {
  const { url, seen } = await serve();
  expect((await post(url, body, { 'x-github-event': event })).status).toBe(200);
  expect(seen.size).toBe(0);
});

test.each([
  ['another body', '{"a":2}', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
  ['a short signature', '{}', { 'x-hub-signature-256': 'sha256=00' }],
  ['the old SHA-1 signature', '{}', { 'x-hub-signature-256': `sha1=${'0'.repeat(40)}` }],
])('%s is refused before it is parsed', async (_name, body, headers) => {
  const { url, seen } = await serve();
  expect((await post(url, body, headers)).status).toBe(401);
  expect(seen.size).toBe(0);
});

test('what is signed and no JSON is refused', async () => {
  const { url } = await serve();
  expect((await post(url, 'not json')).status).toBe(400);
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
  const { url } = await serve();
  const length = { 'content-length': String(26 * megabytes) };
  const { status, sent } = await pour(url, 26 * megabytes, length);
  expect(status).toBe(413);
  expect(sent).toBeLessThan(20 * megabytes);
});

test('a body without a length is refused at the limit', async () => {
  const { url } = await serve();
  const { status, sent } = await pour(url, 200 * megabytes, {});
  expect(status).toBe(413);
  expect(sent).toBeLessThan(60 * megabytes);
});

test('long bodies that come all at once are sent away, usual ones never', async () => {
  const { url } = await serve();
  const begin = (length: number): Promise<() => Promise<number>> =>
    new Promise((resolve, reject) => {
      const sending = ask(`${url}/api/github/webhooks`, {
        method: 'POST',
        headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
      });
      const answered = new Promise<number>((tell) => {
        sending.on('response', (answer) => tell(answer.resume().statusCode!));
      });
      sending.on('error', reject);
      sending.write(Buffer.alloc(length, 'x'), () => resolve(() => (sending.end(), answered)));
    });
  const ends = await Promise.all([24, 24, 24, 24, 24].map((long) => begin(long * megabytes)));
  expect((await post(url, comment)).status).toBe(202);
  const statuses = await Promise.all(ends.map((end) => end()));
  expect(statuses.toSorted((a, b) => a - b)).toEqual([401, 401, 401, 401, 503]);
  expect((await post(url, JSON.stringify({ a: 'x'.repeat(megabytes) }))).status).toBe(200);
});

test('what is not signed at all is refused before it is read', async () => {
  const { url } = await serve();
  const server = await fetch(`${url}/api/github/webhooks`, { method: 'POST', body: '{}' });
  expect(server.status).toBe(401);
  const unsigned = { 'x-hub-signature-256': 'sha256=0' };
  const { status, sent } = await pour(url, 20 * megabytes, unsigned);
  expect([status, sent < 20 * megabytes]).toEqual([401, true]);
});

test('it is alive, and ready where nothing stands in the way; there is nothing else', async () => {
  let trouble: string | null = null;
  const { url } = await serve({ trouble: () => Promise.resolve(trouble) });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  trouble = 'the store cannot be reached';
  const answer = await fetch(`${url}/readyz`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ ok: false, says: trouble });
  expect((await fetch(`${url}/`)).status).toBe(404);
  expect((await fetch(`${url}/api/github/webhooks`)).status).toBe(405);
});
