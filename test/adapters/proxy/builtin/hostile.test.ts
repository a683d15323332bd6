import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeCertificate } from '../../../support/certificate.ts';
import { openTable } from './open-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-hostile-'));
let plain: Awaited<ReturnType<typeof openTable>>;
let secure: Awaited<ReturnType<typeof openTable>>;

beforeAll(async () => {
  plain = await openTable();
  secure = await openTable({ tls: writeCertificate(folder, 'hostile') });
});
afterAll(async () => {
  await Promise.all([plain.close(), secure.close()]);
  rmSync(folder, { recursive: true, force: true });
});

async function send(lines: string): Promise<string> {
  const socket = connect(plain.port, '127.0.0.1');
  socket.on('error', () => {});
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.write(lines.replaceAll('\n', '\r\n'));
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}

const smuggled = '0\n\nGET /smuggled HTTP/1.1\nHost: x\n\n';

test.each([
  ['a length and chunks', `Content-Length: 5\nTransfer-Encoding: chunked\n\n${smuggled}`],
  ['chunks and a length', `Transfer-Encoding: chunked\nContent-Length: 5\n\n${smuggled}`],
  ['two lengths', `Content-Length: 5\nContent-Length: 40\n\n${smuggled}`],
  ['a length that is no number', `Content-Length: +5\n\n${smuggled}`],
  ['chunks that are not the last coding', `Transfer-Encoding: chunked, x\n\n${smuggled}`],
  ['chunks by another spelling', `Transfer-Encoding: xchunked\n\n${smuggled}`],
  ['a name with a space behind it', `Transfer-Encoding : chunked\n\n${smuggled}`],
  ['a header that goes on in the next line', `X: 1\n Content-Length: 5\n\n${smuggled}`],
])('a request whose end is not clear is refused: %s', async (_what, rest) => {
  const answer = await send(`POST /hostile HTTP/1.1\nHost: x\n${rest}`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(plain.blue.asked).not.toContain('/smuggled');
  expect(plain.blue.asked).not.toContain('/hostile');
});

test('more headers than anybody needs are refused', async () => {
  const many = Array.from({ length: 1_600 }, (_, at) => `X-${at}: ${'y'.repeat(20)}\n`).join('');
  const answer = await send(`GET /flood HTTP/1.1\nHost: x\n${many}\n`);
  // What nobody read may take the answer along.
  expect(answer).toMatch(/^$|^HTTP\/1\.1 431 /);
  expect(plain.blue.asked).not.toContain('/flood');
});

test('no header is left out silently, however many there are', async () => {
  const slot = createServer((socket) => {
    let head = '';
    socket.on('data', (chunk) => {
      head += chunk.toString();
      if (!head.endsWith('\r\n\r\n')) return;
      const body = String(head.split('\r\n').filter((line) => line.startsWith('X: ')).length);
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
  }).listen(0, '127.0.0.1');
  await once(slot, 'listening');
  const { port } = slot.address() as AddressInfo;
  await plain.table.switch('web', 'raw', { host: '127.0.0.1', port });
  const many = 'X:1\n'.repeat(2_500);
  const answer = await send(`GET / HTTP/1.1\nHost: x\nConnection: close\n${many}\n`);
  expect(answer).toMatch(/\r\n\r\n2500$/);
  slot.close();
});

test('more headers than anybody needs are refused over HTTP/2 too', async () => {
  const session = connectHttp2(secure.url, { rejectUnauthorized: false });
  session.on('error', () => {});
  const many = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, at) => [`x-${at}`, 'y'.repeat(50)]),
  );
  const stream = session.request({ ':path': '/flood', ...many });
  const ended = Promise.race([
    once(stream, 'response'),
    once(stream, 'error'),
    once(stream, 'close'),
  ]);
  const [answer] = (await ended.catch(() => [])) as [Record<string, unknown>?];
  expect(answer?.[':status']).not.toBe(200);
  expect(secure.blue.asked).not.toContain('/flood');
  session.destroy();
});

test('another host in HTTP/2 than its authority does not reach the slot', async () => {
  const session = connectHttp2(secure.url, { rejectUnauthorized: false });
  const stream = session.request({
    ':path': '/headers',
    ':authority': 'a.example',
    host: 'b.example',
  });
  const seen = await text(stream).catch(() => 'refused');
  expect(seen).not.toContain('b.example');
  session.destroy();
});
