import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { connect } from 'node:tls';
import { Agent, fetch, request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startUpstream, type TestUpstream } from '../support/upstream.ts';
import { testWhen } from '../support/when.ts';
import type { ProxyBench } from './proxy-bench.ts';

/** How a server of the host serves a route besides switching: what programs and people get to see. */
export function proxyServingContract(
  name: string,
  open: () => Promise<ProxyBench>,
  /** Whether an answer may begin before its request has ended. */
  { duplex }: { readonly duplex: boolean },
): void {
  describe(`${name} serves`, () => {
    let bench: ProxyBench;
    let blue: TestUpstream;
    let green: TestUpstream;
    let url: string;
    const preview = { header: 'X-Sallyport-Slot', cookie: 'sallyport_slot' };

    beforeAll(async () => {
      bench = await open();
      [blue, green] = await Promise.all([startUpstream('blue'), startUpstream('green')]);
      const { port } = await bench.proxy.ensure({ name: 'web', listen: 0, preview });
      url = `http://127.0.0.1:${port}`;
    });
    beforeEach(async () => await bench.proxy.switch('web', 'blue', blue.upstream));
    afterAll(async () => {
      await Promise.all([blue.close(), green.close(), bench.close()]);
    });

    const headersSeen = async (headers: Record<string, string>) => {
      const answer = await fetch(`${url}/headers`, { headers });
      const raw = (await answer.json()) as string[];
      const names = raw.filter((_, at) => at % 2 === 0).map((one) => one.toLowerCase());
      return new Map(names.map((one, at) => [one, raw[at * 2 + 1]]));
    };

    test('who asked and for what, added to what a load balancer nearby says', async () => {
      const host = new URL(url).host;
      const plain = await headersSeen({});
      expect(plain.get('host')).toBe(host);
      expect(plain.get('x-forwarded-host')).toBe(host);
      expect(plain.get('x-forwarded-for')).toBe('127.0.0.1');
      expect(plain.get('x-forwarded-proto')).toBe('http');
      const said = await headersSeen({
        'X-Forwarded-For': '203.0.113.9',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Host': 'shop.example',
      });
      expect(said.get('x-forwarded-for')).toBe('203.0.113.9, 127.0.0.1');
      expect(said.get('x-forwarded-proto')).toBe('https');
      expect(said.get('x-forwarded-host')).toBe('shop.example');
    });

    testWhen(duplex)('a body piece by piece in both directions at once', async () => {
      const pieces = new Readable({ read() {} });
      pieces.push('one');
      const { body } = await request(`${url}/echo`, { method: 'POST', body: pieces });
      const back = body[Symbol.asyncIterator]();
      expect(String((await back.next()).value)).toBe('one');
      pieces.push('two');
      expect(String((await back.next()).value)).toBe('two');
      pieces.push(null);
      expect((await back.next()).done).toBe(true);
    });

    test('a body as it was sent, and the path and the query as they came', async () => {
      const sent = 'x'.repeat(300_000);
      const echoed = await fetch(`${url}/echo`, { method: 'POST', body: sent });
      expect(await echoed.text()).toBe(sent);
      await fetch(`${url}/a%2Fb%20c?x=%2F&y`);
      expect(blue.asked).toContain('/a%2Fb%20c?x=%2F&y');
    });

    test('502 or 503 where the slot is dead, and an error where errors are counted', async () => {
      const gone = await startUpstream('gone');
      await bench.proxy.switch('web', 'green', gone.upstream);
      await gone.close();
      const before = (await bench.proxy.counters('web'))?.['green'];
      expect([502, 503]).toContain((await fetch(url)).status);
      const after = (await bench.proxy.counters('web'))?.['green'];
      if (before && after) {
        expect(after.requests - before.requests).toBe(1);
        expect(after.errors - before.errors).toBe(1);
      }
    });

    test('an answer that is broken off before its head is an error where errors are counted', async () => {
      const before = (await bench.proxy.counters('web'))?.['blue'];
      // On a connection of its own: one that was kept may be closed without a word, as if it had been idle.
      const alone = { reset: true, dispatcher: new Agent({ pipelining: 0 }) };
      expect((await request(`${url}/crash`, alone)).statusCode).toBe(502);
      expect((await fetch(url)).status).toBe(200);
      const after = (await bench.proxy.counters('web'))?.['blue'];
      if (before && after) {
        expect(after.requests - before.requests).toBe(2);
        expect(after.errors - before.errors).toBe(1);
      }
    });

    test('the slot that a person asks for by header or cookie, and others their own', async () => {
      const ask = async (headers: Record<string, string>) =>
        await (await fetch(url, { headers })).text();
      await bench.proxy.offer!('web', 'teal', green.upstream);
      expect(await ask({ 'X-Sallyport-Slot': 'teal' })).toBe('green');
      expect(await ask({ Cookie: 'a=b; sallyport_slot=teal' })).toBe('green');
      for (const slot of ['none', '../../../etc', '-', 'teal/..', '', '@to', '*'])
        expect(await ask({ 'X-Sallyport-Slot': slot })).toBe('blue');
      await bench.proxy.offer!('web', 'teal', null);
      expect(await ask({ 'X-Sallyport-Slot': 'teal' })).toBe('blue');
      expect(await ask({ 'X-Sallyport-Slot': 'blue' })).toBe('blue');
    });

    test('TLS, and the new certificate once the route is ensured again', async () => {
      const root = mkdtempSync(join(tmpdir(), 'sp-tls-'));
      const tls = { certificate: join(root, 'c.pem'), key: join(root, 'k.pem') };
      const route = { name: 'secure', listen: 0, tls, serverNames: ['one.example.org'] };
      makeCertificate(tls, 'one.example.org');
      const { port } = await bench.proxy.ensure(route);
      await bench.proxy.switch('secure', 'blue', blue.upstream);
      expect(await askSecurely(port)).toBe('blue, one.example.org');
      makeCertificate(tls, 'two.example.org');
      await bench.proxy.ensure(route);
      expect(await askSecurely(port)).toBe('blue, two.example.org');
      rmSync(tls.certificate);
      const missing = bench.proxy.ensure({ ...route, name: 'no-certificate' });
      await expect(missing).rejects.toMatchObject({ code: 'proxy_refused' });
      expect(await bench.proxy.current('no-certificate')).toBeNull();
      rmSync(root, { recursive: true });
    });
  });
}

function makeCertificate(tls: { certificate: string; key: string }, name: string): void {
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', tls.key, '-out', tls.certificate, '-days', '1'];
  const subject = ['-subj', `/CN=${name}`];
  execFileSync('openssl', ['req', '-x509', ...kind, ...files, ...subject], { stdio: 'ignore' });
}

async function askSecurely(port: number): Promise<string> {
  const options = { rejectUnauthorized: false, servername: 'one.example.org' };
  const client = new Agent({ connect: options });
  const headers = { Host: 'one.example.org' };
  const { body } = await request(`https://127.0.0.1:${port}`, { dispatcher: client, headers });
  const text = await body.text();
  await client.close();
  const socket = connect({ port, host: '127.0.0.1', ...options });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return `${text}, ${String(CN)}`;
}
