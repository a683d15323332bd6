import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Agent, fetch, request } from 'undici';
import type { ContractBench } from '../../../contract/proxy-bench.ts';
import { until } from '../../../support/until.ts';

/** What only the embedded proxy promises: its own words, headers and manners. */
export function servingTests(bench: ContractBench): void {
  describe('serving', () => {
    const useBlue = () => bench.proxy.switch(bench.route, 'blue', bench.blue.upstream);

    test('says 503 until a slot has the traffic, as JSON or as a page', async () => {
      await bench.fresh();
      const plain = await fetch(bench.url);
      expect(plain.status).toBe(503);
      expect(plain.headers.get('retry-after')).not.toBeNull();
      expect(await plain.json()).toMatchObject({ ok: false, error: { code: 'no_healthy_slot' } });
      const page = await fetch(bench.url, { headers: { Accept: 'text/html,*/*' } });
      expect(page.status).toBe(503);
      expect(await page.text()).toContain('<h1>503</h1>');
    });

    test('passes status, reason and repeated headers', async () => {
      await useBlue();
      const answer = await fetch(`${bench.url}/created`);
      expect([answer.status, answer.statusText]).toEqual([201, 'Made']);
      expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
      expect((await fetch(`${bench.url}/nothing`)).status).toBe(404);
      const head = await fetch(bench.url, { method: 'HEAD' });
      expect([head.status, head.headers.get('x-slot')]).toEqual([200, 'blue']);
    });

    test('tells the slot who asked, and for which host', async () => {
      await useBlue();
      const headers = { 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Proto': 'https' };
      const answer = await fetch(`${bench.url}/headers`, { headers });
      const raw = (await answer.json()) as string[];
      const pairs = raw.flatMap((name, at) =>
        at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1]] as const] : [],
      );
      const seen = new Map(pairs);
      expect(seen.get('host')).toBe(new URL(bench.url).host);
      expect(seen.get('x-forwarded-host')).toBe(new URL(bench.url).host);
      expect(seen.get('x-forwarded-for')).toBe('203.0.113.9, 127.0.0.1');
      expect(seen.get('x-forwarded-proto')).toBe('https');
    });

    test('streams a body both ways at once, piece by piece', async () => {
      await useBlue();
      const pieces = new Readable({ read() {} });
      pieces.push('one');
      const options = { method: 'POST', body: pieces } as const;
      const { body } = await request(`${bench.url}/echo`, options);
      const back = body[Symbol.asyncIterator]();
      expect(String((await back.next()).value)).toBe('one');
      pieces.push('two');
      expect(String((await back.next()).value)).toBe('two');
      pieces.push(null);
      expect((await back.next()).done).toBe(true);
    });

    test('passes many megabytes whole', async () => {
      await useBlue();
      const sent = Buffer.alloc(2 ** 24, 'abcdefgh');
      const answer = await fetch(`${bench.url}/echo`, { method: 'POST', body: sent });
      expect(sent.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true);
    });

    test('an early answer to a long request arrives', async () => {
      await useBlue();
      const pieces = new Readable({ read() {} });
      pieces.push('x'.repeat(100_000));
      const options = { method: 'POST', body: pieces } as const;
      const { statusCode, body } = await request(`${bench.url}/refuse`, options);
      expect([statusCode, await body.text()]).toEqual([413, 'too much']);
    });

    test('a slot that is gone is 502, and half an answer is never a whole one', async () => {
      await useBlue();
      await expect(fetch(`${bench.url}/cut`).then((answer) => answer.text())).rejects.toThrow();
      const crash = await fetch(`${bench.url}/crash`, { method: 'POST' });
      expect(crash.status).toBe(502);
      await bench.blue.close();
      const gone = await fetch(bench.url);
      expect(gone.status).toBe(502);
      expect(await gone.json()).toMatchObject({ error: { code: 'slot_failed' } });
    });

    test('a client that goes away is gone for the slot too', async () => {
      await useBlue();
      const stop = new AbortController();
      const asking = fetch(`${bench.url}/wait`, { signal: stop.signal });
      await until(() => bench.blue.asked.includes('/wait'));
      stop.abort();
      await expect(asking).rejects.toThrow();
      await bench.blue.abandoned;
      await until(async () => (await bench.proxy.current(bench.route))?.active['blue'] === 0);
    });

    test('keeps connections, and asks again where the slot closed a kept one', async () => {
      await useBlue();
      const client = new Agent({ connections: 1 });
      for (let round = 0; round < 20; round += 1) {
        const answer = await fetch(bench.url, { dispatcher: client });
        expect([answer.status, await answer.text()]).toEqual([200, 'blue']);
        bench.blue.closeIdle();
      }
      await client.close();
    });
  });
}
