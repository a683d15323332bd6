import { describe, expect, test } from 'vitest';
import { fetch, type Response } from 'undici';
import { ask, expectNotSupported, type ContractBench } from './proxy-bench.ts';

const requests = 200;

export function proxyTrafficContract(bench: ContractBench): void {
  describe('maintenance and canaries', () => {
    const use = (slot: 'blue' | 'green') =>
      bench.proxy.switch(bench.route, slot, bench[slot].upstream);
    const canary = (share: number, sticky = false) =>
      ({ slot: 'green', upstream: bench.green.upstream, share, sticky }) as const;
    const statusOf = async () => await bench.proxy.current(bench.route);

    test('maintenance tells people its text until it ends, also over a switch and a crash', async () => {
      const text = 'Back at 9:00 "sharp"; $host {really} \\ ü';
      const asking = () => bench.proxy.maintenance(bench.route, text);
      if (!bench.server.can.maintenance) return await expectNotSupported(asking());
      const tellsIt = async () => {
        const answer = await fetch(`${bench.url}/x`, { method: 'POST', body: 'x' });
        expect(answer.status).toBe(503);
        expect(await wordsOf(answer)).toContain(text);
        expect(await statusOf()).toMatchObject({ maintenance: text });
      };
      await use('blue');
      await asking();
      await asking();
      await tellsIt();
      await use('green');
      await tellsIt();
      await bench.server.kill();
      await bench.server.start();
      await tellsIt();
      await bench.proxy.maintenance(bench.route, null);
      await bench.proxy.maintenance(bench.route, null);
      expect(await ask(bench)).toBe('green');
      expect((await statusOf())?.maintenance ?? null).toBeNull();
    });

    test('a canary gets its share, and no more; a switch ends it', async () => {
      await use('blue');
      const asking = bench.proxy.weights(bench.route, canary(0.25));
      if (!bench.server.can.weights) return await expectNotSupported(asking);
      await asking;
      const counts = { blue: 0, green: 0 };
      for (let at = 0; at < requests; at += 1) counts[(await ask(bench)) as 'blue' | 'green'] += 1;
      // Six standard deviations: one run in a billion is outside.
      expect(Math.abs(counts.green - requests / 4)).toBeLessThan(37);
      expect(counts.blue + counts.green).toBe(requests);
      expect(await statusOf()).toMatchObject({ slot: 'blue', canary: canary(0.25) });
      await use('green');
      expect((await statusOf())?.canary ?? null).toBeNull();
      for (let at = 0; at < 20; at += 1) expect(await ask(bench)).toBe('green');
    });

    test('a canary that is ended gets nothing any more', async () => {
      if (!bench.server.can.weights) return;
      await use('blue');
      await bench.proxy.weights(bench.route, canary(0.9));
      await bench.proxy.weights(bench.route, null);
      await bench.proxy.weights(bench.route, null);
      for (let at = 0; at < 20; at += 1) expect(await ask(bench)).toBe('blue');
    });

    test('whoever came to a slot of a sticky canary comes to it again', async () => {
      if (!bench.server.can.weights) return;
      await use('blue');
      await bench.proxy.weights(bench.route, canary(0.5, true));
      for (let person = 0; person < 10; person += 1) {
        const first = await fetch(bench.url);
        const slot = await first.text();
        const cookie = first.headers.getSetCookie().map((line) => line.split(';')[0]!);
        const headers = { Cookie: cookie.join('; ') };
        for (let again = 0; again < 5; again += 1)
          expect(await (await fetch(bench.url, { headers })).text()).toBe(slot);
      }
    });
  });
}

/** What an answer says: its text or, where it is JSON, the message of its error. */
async function wordsOf(answer: Response): Promise<string> {
  if (answer.headers.get('content-type') !== 'application/json') return await answer.text();
  const { error } = (await answer.json()) as { error: { message: string } };
  return error.message;
}
