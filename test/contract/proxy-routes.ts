import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { fetch } from 'undici';
import { ask, expectNotSupported, type ContractBench } from './proxy-bench.ts';

/** Names that mean something to a file system, to a configuration file or to a control protocol. */
const hostileNames = ['../../etc/x', 'a b;c{}"\'$x\n#', 'Straße/é', '-', 'x'.repeat(200)];

export function proxyRoutesContract(bench: ContractBench): void {
  describe('routes', () => {
    const useBlue = () => bench.proxy.switch(bench.route, 'blue', bench.blue.upstream);

    test('says 503 with words until a slot has the traffic', async () => {
      await bench.fresh();
      const answer = await fetch(bench.url);
      expect(answer.status).toBe(503);
      expect((await answer.text()).length).toBeGreaterThan(10);
      const posted = await fetch(`${bench.url}/some/path`, { method: 'POST', body: 'x' });
      expect(posted.status).toBe(503);
    });

    test('gives the status of a route, and null for none', async () => {
      await bench.fresh();
      const port = Number(new URL(bench.url).port);
      const empty = { name: bench.route, port, slot: null, upstream: null };
      expect(await bench.proxy.current(bench.route)).toMatchObject(empty);
      expect(await bench.proxy.current('other')).toBeNull();
      await useBlue();
      const { upstream } = bench.blue;
      expect(await bench.proxy.current(bench.route)).toMatchObject({ slot: 'blue', upstream });
    });

    test('a route asked for again is the same route, and keeps its traffic', async () => {
      await useBlue();
      const again = await bench.proxy.ensure({ name: bench.route, listen: 0 });
      expect(`http://127.0.0.1:${again.port}`).toBe(bench.url);
      expect(again.slot).toBe('blue');
      expect(await ask(bench)).toBe('blue');
    });

    test('a route asked for twice at once is one route', async () => {
      const route = { name: `${bench.route}-twice`, listen: 0 };
      const [one, two] = await Promise.all([bench.proxy.ensure(route), bench.proxy.ensure(route)]);
      expect(one).toEqual(two);
      await bench.proxy.switch(route.name, 'blue', bench.blue.upstream);
      expect(await (await fetch(`http://127.0.0.1:${one.port}`)).text()).toBe('blue');
      if (bench.server.can.remove) await bench.proxy.remove(route.name);
    });

    test('a port that is taken is an error that says so, and leaves every route as it was', async () => {
      await useBlue();
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const asking = bench.proxy.ensure({ name: 'other', listen: port });
      await expect(asking).rejects.toMatchObject({ code: 'port_taken' });
      other.close();
      expect(await bench.proxy.current('other')).toBeNull();
      expect(await ask(bench)).toBe('blue');
    });

    test('a route that is unknown cannot be switched', async () => {
      const switching = bench.proxy.switch('other', 'blue', bench.blue.upstream);
      await expect(switching).rejects.toMatchObject({ code: 'route_missing' });
    });

    test.each(hostileNames)('a route may be called %j', async (name) => {
      const { port } = await bench.proxy.ensure({ name, listen: 0 });
      await bench.proxy.switch(name, 'green', bench.green.upstream);
      expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('green');
      expect(await bench.proxy.current(name)).toMatchObject({ name, port, slot: 'green' });
      expect(await bench.proxy.current(bench.route)).toMatchObject({ name: bench.route });
      if (bench.server.can.remove) await bench.proxy.remove(name);
    });

    test('a route that was removed is gone, its port free, and can be made anew', async () => {
      if (!bench.server.can.remove) return await expectNotSupported(bench.proxy.remove('other'));
      await useBlue();
      await bench.proxy.remove(bench.route);
      await bench.proxy.remove(bench.route);
      expect(await bench.proxy.current(bench.route)).toBeNull();
      await expect(fetch(bench.url)).rejects.toThrow();
      const listen = Number(new URL(bench.url).port);
      const anew = await bench.proxy.ensure({ name: bench.route, listen });
      expect(anew).toMatchObject({ port: listen, slot: null });
      expect(await ask(bench)).toBe('status 503');
    });
  });
}
