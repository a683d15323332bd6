import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Agent, fetch } from 'undici';
import { WebSocket } from 'ws';
import { until } from './proxy-serving.ts';
import type { ProxyBench } from './proxy.ts';

export function proxySwitchingContract(bench: ProxyBench): void {
  describe('switching', () => {
    const use = (slot: 'blue' | 'green') =>
      bench.proxy.switch(bench.route, slot, bench[slot].upstream);
    const ask = async (path = '/') => await (await fetch(`${bench.url}${path}`)).text();

    test('every request after a switch goes to the new slot, there and back', async () => {
      for (const slot of ['blue', 'green', 'green', 'blue'] as const) {
        await use(slot);
        expect(await ask()).toBe(slot);
      }
    });

    test('no request on kept connections fails while slots change places', async () => {
      await use('blue');
      const client = new Agent({ connections: 8 });
      const answers: string[] = [];
      let done = false;
      const load = Array.from({ length: 8 }, async () => {
        while (!done) {
          const answer = await fetch(bench.url, { dispatcher: client });
          answers.push(`${answer.status} ${await answer.text()}`);
        }
      });
      for (let round = 0; round < 10; round += 1) {
        const before = answers.length;
        await until(() => answers.length > before + 10);
        await use(round % 2 === 0 ? 'green' : 'blue');
      }
      done = true;
      await Promise.all(load);
      await client.close();
      expect([...new Set(answers)].toSorted()).toEqual(['200 blue', '200 green']);
    });

    test('a request under way ends where it began, and draining waits for it', async () => {
      await use('blue');
      const asking = ask('/wait');
      await until(() => bench.blue.asked.includes('/wait'));
      await use('green');
      expect((await bench.proxy.current(bench.route))?.active['blue']).toBe(1);
      const draining = bench.proxy.drain(bench.route, 'blue', 60_000);
      expect(await ask()).toBe('green');
      bench.blue.letGo();
      expect(await asking).toBe('blue');
      expect(await draining).toBe(0);
      expect((await bench.proxy.current(bench.route))?.active['blue'] ?? 0).toBe(0);
    });

    test('draining a slot that never had traffic is done at once', async () => {
      await use('blue');
      expect(await bench.proxy.drain(bench.route, 'green', 60_000)).toBe(0);
    });

    test('draining can be given up without cutting anything off', async () => {
      await use('blue');
      const asking = ask('/wait');
      await until(() => bench.blue.asked.includes('/wait'));
      await use('green');
      const stop = new AbortController();
      const draining = bench.proxy.drain(bench.route, 'blue', 60_000, stop.signal);
      stop.abort(new Error('given up'));
      await expect(draining).rejects.toThrow('given up');
      bench.blue.letGo();
      expect(await asking).toBe('blue');
    });

    test('a WebSocket lives on over a switch, until its slot is drained', async () => {
      await use('blue');
      const socket = new WebSocket(`${bench.url.replace('http', 'ws')}/socket`);
      expect(await nextMessage(socket)).toBe('hello from blue');
      await use('green');
      socket.send('still here');
      expect(await nextMessage(socket)).toBe('blue: still here');
      expect((await bench.proxy.current(bench.route))?.active['blue']).toBe(1);
      const closed = once(socket, 'close');
      expect(await bench.proxy.drain(bench.route, 'blue', 50)).toBe(1);
      await closed;
      const next = new WebSocket(`${bench.url.replace('http', 'ws')}/socket`);
      expect(await nextMessage(next)).toBe('hello from green');
      next.close();
    });

    test('an upgrade that the slot refuses, or for which there is no slot, is answered', async () => {
      const url = bench.url.replace('http', 'ws');
      const early = new WebSocket(`${url}/socket`);
      expect(String(((await once(early, 'error')) as [Error])[0])).toContain('503');
      await use('blue');
      const wrong = new WebSocket(`${url}/nothing`);
      expect(String(((await once(wrong, 'error')) as [Error])[0])).toContain('400');
    });
  });
}

async function nextMessage(socket: WebSocket): Promise<string> {
  const [data] = (await once(socket, 'message')) as [Buffer];
  return data.toString();
}
