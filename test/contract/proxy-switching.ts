import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Agent, fetch } from 'undici';
import { WebSocket } from 'ws';
import { startUpstream } from '../support/upstream.ts';
import { until } from '../support/until.ts';
import { ask, type ContractBench } from './proxy-bench.ts';

export function proxySwitchingContract(bench: ContractBench): void {
  describe('switching', () => {
    const use = (slot: 'blue' | 'green') =>
      bench.proxy.switch(bench.route, slot, bench[slot].upstream);
    const activeIn = async (slot: string) =>
      (await bench.proxy.current(bench.route))?.active[slot] ?? 0;

    test('every request after a switch goes to the new slot, there and back', async () => {
      for (const slot of ['blue', 'green', 'green', 'blue'] as const) {
        await use(slot);
        expect(await ask(bench)).toBe(slot);
      }
    });

    test('a slot whose program came back at another place gets the traffic there', async () => {
      await use('blue');
      await bench.proxy.switch(bench.route, 'blue', bench.green.upstream);
      expect(await ask(bench)).toBe('green');
      const { upstream } = bench.green;
      expect(await bench.proxy.current(bench.route)).toMatchObject({ slot: 'blue', upstream });
    });

    test('a slot that must not have the traffic any more loses it: people are told so until a switch', async () => {
      await use('blue');
      if (bench.server.can.weights) {
        const { upstream } = bench.green;
        await bench.proxy.weights(bench.route, {
          slot: 'green',
          upstream,
          share: 0.5,
          sticky: false,
        });
      }
      await bench.proxy.clear(bench.route);
      await bench.proxy.clear(bench.route);
      const isTold = async () => {
        const answer = await fetch(bench.url);
        expect([answer.status, await answer.text()]).toEqual([
          503,
          expect.stringContaining(bench.route),
        ]);
        const now = await bench.proxy.current(bench.route);
        expect(now).toMatchObject({ slot: null, upstream: null });
        expect(now?.canary ?? null).toBeNull();
      };
      await isTold();
      await bench.server.kill();
      await bench.server.start();
      await isTold();
      await use('green');
      expect(await ask(bench)).toBe('green');
    });

    test.each([
      ['kept connections', { connections: 8 }],
      ['a new connection each', { connections: 8, pipelining: 0 }],
    ])('no request fails while slots change places: %s', async (what, options) => {
      await use('blue');
      const client = new Agent(options);
      const answers: string[] = [];
      let done = false;
      const load = Array.from({ length: 8 }, async () => {
        while (!done) {
          const failed = (error: unknown) => answers.push(String(error));
          await fetch(bench.url, { dispatcher: client })
            .then(async (answer) => answers.push(`${answer.status} ${await answer.text()}`))
            .catch(failed);
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
      const kinds = [...new Set(answers)].toSorted();
      if (what === 'kept connections' && !bench.server.can.keepAlive)
        expect(kinds).toEqual(expect.arrayContaining(['200 blue', '200 green']));
      else expect(kinds).toEqual(['200 blue', '200 green']);
    });

    test('a request under way ends where it began, and draining waits for it', async () => {
      await use('blue');
      const asking = ask(bench, '/wait');
      await until(() => bench.blue.asked.includes('/wait'));
      await use('green');
      expect(await activeIn('blue')).toBe(1);
      let drained = false;
      const draining = bench.proxy
        .drain(bench.route, 'blue', 60_000)
        .finally(() => (drained = true));
      expect(await ask(bench)).toBe('green');
      expect(drained).toBe(false);
      bench.blue.letGo();
      expect(await asking).toBe('blue');
      expect(await draining).toBe(0);
      expect(await activeIn('blue')).toBe(0);
    });

    test('draining a slot that never had traffic is done at once', async () => {
      await use('blue');
      expect(await bench.proxy.drain(bench.route, 'green', 60_000)).toBe(0);
    });

    test('draining can be given up without cutting anything off', async () => {
      await use('blue');
      const asking = ask(bench, '/wait');
      await until(() => bench.blue.asked.includes('/wait'));
      await use('green');
      const stop = new AbortController();
      const draining = bench.proxy.drain(bench.route, 'blue', 60_000, stop.signal);
      stop.abort(new Error('given up'));
      await expect(draining).rejects.toThrow('given up');
      bench.blue.letGo();
      expect(await asking).toBe('blue');
    });

    test('when the time to drain is over, what is left is closed where the proxy can', async () => {
      const { cut, keepAlive } = bench.server.can;
      await use('blue');
      const asking = ask(bench, '/wait').catch(() => 'cut');
      await until(() => bench.blue.asked.includes('/wait'));
      await use('green');
      expect(await bench.proxy.drain(bench.route, 'blue', 50)).toBe(cut ? 1 : 0);
      bench.blue.letGo();
      if (cut) expect(await asking).not.toBe('blue');
      else if (keepAlive) expect(await asking).toBe('blue');
      expect(await ask(bench)).toBe('green');
    });

    test('a WebSocket lives on over a switch, and the next one meets the new slot', async () => {
      const url = `${bench.url.replace('http', 'ws')}/socket`;
      await use('blue');
      const socket = new WebSocket(url);
      expect(await nextMessage(socket)).toBe('hello from blue');
      const closed = once(socket, 'close');
      await use('green');
      if (bench.server.can.webSockets) {
        socket.send('still here');
        expect(await nextMessage(socket)).toBe('blue: still here');
        expect(await activeIn('blue')).toBe(1);
      }
      const next = new WebSocket(url);
      expect(await nextMessage(next)).toBe('hello from green');
      next.close();
      if (bench.server.can.cut) expect(await bench.proxy.drain(bench.route, 'blue', 50)).toBe(1);
      else socket.close();
      await closed;
    });

    test('an upgrade that the slot refuses, or for which there is no slot, is answered', async () => {
      await bench.fresh();
      const url = bench.url.replace('http', 'ws');
      const early = new WebSocket(`${url}/socket`);
      expect(String(((await once(early, 'error')) as [Error])[0])).toContain('503');
      await use('blue');
      const wrong = new WebSocket(`${url}/nothing`);
      expect(String(((await once(wrong, 'error')) as [Error])[0])).toContain('400');
    });

    test('traffic moves between a port and a Unix socket', async () => {
      if (!bench.server.can.sockets) return;
      const folder = mkdtempSync(join(tmpdir(), 'sp-up-'));
      // The server may be another user.
      chmodSync(folder, 0o755);
      const teal = await startUpstream('teal', join(folder, 's.sock'));
      await use('blue');
      await bench.proxy.switch(bench.route, 'green', teal.upstream);
      expect(await ask(bench)).toBe('teal');
      const { upstream } = teal;
      expect(await bench.proxy.current(bench.route)).toMatchObject({ slot: 'green', upstream });
      const asking = ask(bench, '/wait');
      await until(() => teal.asked.includes('/wait'));
      await use('blue');
      expect(await activeIn('green')).toBe(1);
      teal.letGo();
      expect(await asking).toBe('teal');
      expect(await bench.proxy.drain(bench.route, 'green', 60_000)).toBe(0);
      await teal.close();
      rmSync(folder, { recursive: true });
    });
  });
}

async function nextMessage(socket: WebSocket): Promise<string> {
  const [data] = (await once(socket, 'message')) as [Buffer];
  return data.toString();
}
