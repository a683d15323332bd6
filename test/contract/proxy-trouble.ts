import { describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { ask, type ContractBench } from './proxy-bench.ts';

export function proxyTroubleContract(bench: ContractBench): void {
  describe('trouble', () => {
    const use = (slot: 'blue' | 'green') =>
      bench.proxy.switch(bench.route, slot, bench[slot].upstream);
    const answers = (text: string) => async () => (await ask(bench).catch(() => '')) === text;

    test('a server that was killed comes back with the traffic on the same slot', async () => {
      await use('blue');
      await use('green');
      await bench.server.kill();
      await bench.server.start();
      await bench.proxy.ensure({ name: bench.route, listen: Number(new URL(bench.url).port) });
      expect(await bench.proxy.current(bench.route)).toMatchObject({ slot: 'green' });
      await until(answers('green'));
      await use('blue');
      expect(await ask(bench)).toBe('blue');
    });

    test('a server that forgot is mended by ensuring and switching', async () => {
      if (!bench.server.forget) return;
      await use('green');
      await bench.server.forget();
      expect((await bench.proxy.current(bench.route))?.slot ?? null).toBeNull();
      const listen = Number(new URL(bench.url).port);
      await bench.proxy.ensure({ name: bench.route, listen });
      await use('green');
      await until(answers('green'));
      expect(await bench.proxy.current(bench.route)).toMatchObject({ slot: 'green' });
    });

    test('a server that refuses a change keeps serving as before, and says why', async () => {
      if (!bench.server.refuse) return;
      await use('blue');
      const mend = await bench.server.refuse();
      const asking = bench.proxy.ensure({ name: `${bench.route}-more`, listen: 0 });
      await expect(asking).rejects.toMatchObject({ code: 'proxy_refused' });
      expect(await ask(bench)).toBe('blue');
      await mend();
      expect(await bench.proxy.current(`${bench.route}-more`)).toBeNull();
      expect(await bench.proxy.ensure({ name: `${bench.route}-more`, listen: 0 })).toMatchObject({
        slot: null,
      });
      if (bench.server.can.remove) await bench.proxy.remove(`${bench.route}-more`);
    });

    test('a good host has no problems, and a bad one an exact hint', async () => {
      expect(await bench.proxy.check()).toEqual([]);
      if (!bench.server.spoil) return;
      const spoiled = await bench.server.spoil();
      const problems = await bench.proxy.check();
      await spoiled.mend();
      expect(problems.map((problem) => problem.hint).join('\n')).toContain(spoiled.hint);
      expect(await bench.proxy.check()).toEqual([]);
    });

    test('a server that does not run is not answering, until it does', async () => {
      await use('blue');
      await bench.server.kill();
      const asking = bench.proxy
        .current(bench.route)
        .catch((error: { code: string }) => error.code);
      // An embedded one is started by whoever asks; of others it may only be known that the route is gone.
      const found = await asking;
      if (found === null || typeof found === 'string') {
        expect([null, 'proxy_not_answering']).toContain(found);
        expect(await bench.proxy.check()).not.toEqual([]);
        const asked = bench.proxy.ensure({ name: `${bench.route}-late`, listen: 0 });
        await expect(asked).rejects.toMatchObject({ code: 'proxy_not_answering' });
      }
      await bench.server.start();
      expect(await bench.proxy.current(bench.route)).toMatchObject({ slot: 'blue' });
      expect(await bench.proxy.current(`${bench.route}-late`)).toBeNull();
    });
  });
}
