import { once } from 'node:events';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Agent, fetch } from 'undici';
import { WebSocket } from 'ws';
import { writeCertificate, type CertificateFiles } from '../../../support/certificate.ts';
import { until } from '../../../support/until.ts';
import { openTable } from './open-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-tls-'));
let first: CertificateFiles;
let second: CertificateFiles;
let tls: CertificateFiles;
let bench: Awaited<ReturnType<typeof openTable>>;
let session: ClientHttp2Session;
const http1 = new Agent({ connect: { rejectUnauthorized: false }, allowH2: false });

beforeAll(() => {
  first = writeCertificate(folder, 'first');
  second = writeCertificate(folder, 'second');
});
beforeEach(async () => {
  tls = { certificate: join(folder, 'live.pem'), key: join(folder, 'live.key') };
  install(first);
  bench = await openTable({ tls });
  session = connect(bench.url, { rejectUnauthorized: false }).on('error', () => {});
});
afterEach(async () => {
  session.destroy();
  await bench.close();
});
afterAll(async () => {
  await http1.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As programs that renew certificates do: each file in one step. */
function install(files: CertificateFiles): void {
  for (const part of ['certificate', 'key'] as const) {
    copyFileSync(files[part], `${tls[part]}.next`);
    renameSync(`${tls[part]}.next`, tls[part]);
  }
}

async function ask2(headers: OutgoingHttpHeaders, body?: string) {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const [answer] = (await once(stream, 'response')) as [Record<string, string | string[]>];
  return { status: Number(answer[':status']), headers: answer, body: await text(stream) };
}

async function nameServed(): Promise<string> {
  const socket: TLSSocket = connectTls({ port: bench.port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

test('HTTP/2 and HTTP/1.1 reach the same slot, which is told that it was https', async () => {
  const over1 = await fetch(`${bench.url}/headers`, { dispatcher: http1 });
  const over2 = await ask2({ ':path': '/headers', cookie: ['a=1', 'b=2'], te: 'trailers' });
  for (const seen of [over2.body, await over1.text()]) {
    const raw = JSON.parse(seen) as string[];
    const values = new Map(raw.map((name, at) => [name.toLowerCase(), raw[at + 1]]));
    expect(values.get('x-forwarded-proto')).toBe('https');
    expect(values.get('host')).toBe(`127.0.0.1:${bench.port}`);
    expect(values.get('x-forwarded-host')).toBe(`127.0.0.1:${bench.port}`);
    expect(values.has('te')).toBe(false);
    expect(raw.some((name) => name.startsWith(':'))).toBe(false);
  }
  const raw = JSON.parse(over2.body) as string[];
  expect(raw[raw.indexOf('Cookie') + 1]).toBe('a=1; b=2');
});

test('over HTTP/2: bodies, repeated cookies, refusals and HEAD', async () => {
  const big = 'abcdefgh'.repeat(100_000);
  expect((await ask2({ ':method': 'POST', ':path': '/echo' }, big)).body).toBe(big);
  const made = await ask2({ ':path': '/created' });
  expect([made.status, made.headers['set-cookie']]).toEqual([201, ['a=1', 'b=2']]);
  const head = await ask2({ ':method': 'HEAD', ':path': '/' });
  expect([head.status, head.headers['x-slot'], head.body]).toEqual([200, 'blue', '']);
  await bench.table.maintenance('web', 'Back soon');
  const refused = await ask2({ ':path': '/', accept: 'text/html' });
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5']);
  expect(refused.body).toContain('Back soon');
});

test('over HTTP/2: an early answer ends a long request, and half an answer is never a whole one', async () => {
  const long = session.request({ ':method': 'POST', ':path': '/refuse' });
  long.on('error', () => {});
  long.write('x'.repeat(100_000));
  const [answer] = (await once(long, 'response')) as [Record<string, string>];
  expect([Number(answer[':status']), await text(long)]).toEqual([413, 'too much']);
  await until(async () => (await bench.table.status('web'))?.active['blue'] === 0);
  await expect(ask2({ ':path': '/cut' })).rejects.toThrow('NGHTTP2_INTERNAL_ERROR');
});

test('over HTTP/2: a client that gives up is gone for the slot too', async () => {
  const stream = session.request({ ':path': '/wait' });
  stream.on('error', () => {});
  await until(() => bench.blue.asked.includes('/wait'));
  stream.close(8);
  await bench.blue.abandoned;
  await until(async () => (await bench.table.status('web'))?.active['blue'] === 0);
});

test('requests of one HTTP/2 connection move with a switch', async () => {
  expect((await ask2({ ':path': '/' })).body).toBe('blue');
  await bench.table.switch('web', 'green', bench.green.upstream);
  expect((await ask2({ ':path': '/' })).body).toBe('green');
});

test('a WebSocket goes over TLS', async () => {
  const url = `${bench.url.replace('https', 'wss')}/socket`;
  const socket = new WebSocket(url, { rejectUnauthorized: false });
  const [hello] = (await once(socket, 'message')) as [Buffer];
  expect(hello.toString()).toBe('hello from blue');
  const closed = once(socket, 'close');
  await bench.table.drain('web', 'blue', 0, new AbortController().signal);
  expect((await closed)[0]).toBe(1001);
});

test('a certificate that is renewed is served from the next connection on', async () => {
  expect(await nameServed()).toBe('first');
  install(second);
  await until(async () => (await nameServed()) === 'second');
  expect((await ask2({ ':path': '/' })).body).toBe('blue');
  expect(bench.table.check()).toEqual([]);
});

test('files that cannot serve leave the certificate as it was, and are told', async () => {
  writeFileSync(tls.certificate, 'no certificate');
  await until(() => bench.said.length > 0);
  expect(bench.said).toEqual([expect.stringContaining('the certificate before it stays')]);
  expect(await nameServed()).toBe('first');
  expect(bench.table.check()).toMatchObject([{ hint: expect.stringContaining('openssl x509') }]);
  writeFileSync(tls.certificate, readFileSync(second.certificate));
  await until(() => bench.said.length > 1);
  expect(bench.said[1]).toContain('is not the key of');
  writeFileSync(tls.key, readFileSync(second.key));
  await until(async () => (await nameServed()) === 'second');
  await until(() => bench.table.check().length === 0);
});

test('a route cannot begin with files that do not serve, nor does it lose what it has', async () => {
  const wrong = { certificate: first.certificate, key: second.key };
  for (const bad of [wrong, { ...tls, key: join(folder, 'none') }]) {
    const asking = bench.table.ensure({ ...bench.web, tls: bad });
    await expect(asking).rejects.toMatchObject({ code: 'proxy_refused' });
  }
  expect((await fetch(bench.url, { dispatcher: http1 })).status).toBe(200);
});

test('a port can go from plain HTTP to TLS and back', async () => {
  const listen = bench.port;
  const { tls: _tls, ...plain } = bench.web;
  await bench.table.ensure({ ...plain, listen });
  expect(await (await fetch(`http://127.0.0.1:${listen}`)).text()).toBe('blue');
  await bench.table.ensure({ ...bench.web, listen });
  expect((await fetch(bench.url, { dispatcher: http1 })).status).toBe(200);
});

test('a certificate that ends within a week is a problem', async () => {
  const soon = writeCertificate(folder, 'soon', 3);
  await bench.table.ensure({ ...bench.web, tls: soon });
  expect(bench.table.check()).toMatchObject([{ message: expect.stringContaining('good until') }]);
});
