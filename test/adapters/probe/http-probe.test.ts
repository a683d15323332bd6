import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { HttpProbe } from '../../../src/adapters/probe/http/http-probe.ts';

const probe = new HttpProbe();

test.each([200, 302, 503])('gives status %i and the body as they are', async (status) => {
  const listener: RequestListener = (_request, response) => {
    response.writeHead(status, { location: '/elsewhere' }).end('pong');
  };
  expect(await ask(listener)).toMatchObject({ status, body: 'pong', error: null });
});

test('a server that never answers is a timeout', async () => {
  expect(await ask(() => undefined, 50)).toMatchObject({ status: null, error: 'timeout' });
});

test('a server that never ends its body is a timeout', async () => {
  const listener: RequestListener = (_request, response) => void response.write('po');
  expect(await ask(listener, 50)).toMatchObject({ status: null, error: 'timeout' });
});

test('reads 64 KiB of a body without end', async () => {
  const listener: RequestListener = (_request, response) => {
    response.write('x'.repeat(200_000));
  };
  const { status, body } = await ask(listener);
  expect(status).toBe(200);
  expect(body).toHaveLength(65_536);
});

test('a connection that is cut is an error with its code', async () => {
  expect(await ask((request) => request.socket.destroy())).toMatchObject({ error: 'ECONNRESET' });
});

test('nobody there', async () => {
  const { port, close } = await listen(() => undefined);
  await close();
  expect(await probe.get(`http://127.0.0.1:${port}/`, 1000)).toMatchObject({
    status: null,
    error: 'ECONNREFUSED',
  });
});

test('no URL at all never rejects', async () => {
  expect(await probe.get('nonsense', 1000)).toMatchObject({ error: 'ERR_INVALID_URL' });
});

test('sends any method, without a body', async () => {
  const seen: string[] = [];
  const { port, close } = await listen((request, response) => {
    seen.push(`${request.method} ${request.headers['content-length']}`);
    response.writeHead(204).end();
  });
  const url = `http://127.0.0.1:${port}/reload`;
  const answer = await probe.send({ method: 'POST', url, timeoutMs: 1000 });
  await close();
  expect(answer).toMatchObject({ status: 204, error: null });
  expect(seen).toEqual(['POST 0']);
});

test('https is spoken where the address says so', async () => {
  const { port, close } = await listen((_request, response) => void response.end());
  const url = `https://127.0.0.1:${port}/`;
  const answer = await probe.send({ method: 'GET', url, timeoutMs: 1000 });
  await close();
  expect(answer).toMatchObject({ status: null, error: expect.stringMatching(/SSL|EPROTO/) });
});

test('an abort ends it', async () => {
  const { port, close } = await listen(() => undefined);
  const answer = await probe.get(`http://127.0.0.1:${port}/`, 5000, AbortSignal.abort());
  await close();
  expect(answer).toMatchObject({ status: null, error: 'ABORT_ERR' });
});

async function ask(listener: RequestListener, timeoutMs = 2000) {
  const { port, close } = await listen(listener);
  try {
    return await probe.get(`http://127.0.0.1:${port}/ping`, timeoutMs);
  } finally {
    await close();
  }
}

async function listen(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, close };
}
