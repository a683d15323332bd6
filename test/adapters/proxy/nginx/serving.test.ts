import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, fetch, request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nginxProxy } from '../../../../src/adapters/proxy/nginx/nginx-proxy.ts';
import { proxyServingContract } from '../../../contract/proxy-serving.ts';
import { hasNginx } from '../../../support/nginx.ts';
import { startUpstream, type TestUpstream } from '../../../support/upstream.ts';
import { until } from '../../../support/until.ts';
import { openNginx } from './open-nginx.ts';

describe.skipIf(!hasNginx())('nginx', () => {
  proxyServingContract('nginx', async () => await openNginx('socket'), { duplex: true });
});

describe.skipIf(!hasNginx())('nginx serves', () => {
  let opened: Awaited<ReturnType<typeof openNginx>>;
  let blue: TestUpstream;
  let green: TestUpstream;
  let url: string;

  beforeAll(async () => {
    opened = await openNginx('socket');
    [blue, green] = await Promise.all([startUpstream('blue'), startUpstream('green')]);
    const { port } = await opened.proxy.ensure({ name: 'web', listen: 0 });
    url = `http://127.0.0.1:${port}`;
  });
  beforeEach(async () => await opened.proxy.switch('web', 'blue', blue.upstream));
  afterAll(async () => {
    await Promise.all([blue.close(), green.close(), opened.close()]);
  });

  test('502 where the slot is dead', async () => {
    const gone = await startUpstream('gone');
    await opened.proxy.switch('web', 'green', gone.upstream);
    await gone.close();
    expect((await fetch(url)).status).toBe(502);
  });

  test('slots whose places never change on kept connections, and fails nothing when they switch', async () => {
    const folder = join(opened.server.root, 'sockets');
    mkdirSync(folder);
    const teal = await startUpstream('teal', join(folder, 'teal.sock'));
    const upstreams = [blue.upstream, teal.upstream];
    const { port } = await opened.proxy.ensure({ name: 'kept', listen: 0, upstreams });
    const client = new Agent({ connections: 6 });
    await opened.proxy.switch('kept', 'blue', blue.upstream);
    const answers: string[] = [];
    let done = false;
    const load = Array.from({ length: 6 }, async () => {
      while (!done) {
        const asked = { dispatcher: client, method: 'POST', body: 'x' } as const;
        const answer = await fetch(`http://127.0.0.1:${port}`, asked);
        answers.push(`${answer.status} ${await answer.text()}`);
      }
    });
    for (let round = 0; round < 8; round += 1) {
      const before = answers.length;
      await until(() => answers.length > before + 30);
      const [slot, to] = round % 2 === 0 ? ['green', teal] : ['blue', blue];
      await opened.proxy.switch('kept', slot as string, (to as TestUpstream).upstream);
      const next = await fetch(`http://127.0.0.1:${port}`);
      expect(await next.text()).toBe(round % 2 === 0 ? 'teal' : 'blue');
    }
    done = true;
    await Promise.all(load);
    await client.close();
    expect([...new Set(answers)].toSorted()).toEqual(['200 blue', '200 teal']);
    expect(blue.connections + teal.connections).toBeLessThan(answers.length / 4);
    expect(await opened.proxy.drain('kept', 'green', 60_000)).toBe(0);
    await teal.close();
  });

  test('a program that made its socket anew, as its umask has it, once somebody looks', async () => {
    const folder = join(opened.server.root, 'again');
    const socket = join(folder, 's.sock');
    mkdirSync(folder);
    const teal = await startUpstream('teal', socket);
    await opened.proxy.switch('web', 'green', teal.upstream);
    chmodSync(socket, 0o700);
    await opened.proxy.current('web');
    expect(await (await fetch(url)).text()).toBe('teal');
    await teal.close();
  });

  test('a switch loads no configuration, and leaves no litter', async () => {
    const { root, folder } = opened.server;
    const before = () => [readdirSync(folder), readFileSync(join(root, 'error.log'), 'utf8')];
    await opened.proxy.switch('web', 'green', green.upstream);
    const was = before();
    for (const slot of ['blue', 'green', 'blue'] as const)
      await opened.proxy.switch('web', slot, (slot === 'blue' ? blue : green).upstream);
    expect(before()).toEqual(was);
    expect(readdirSync(join(opened.options.state, 'nginx', 'web')).toSorted()).toEqual([
      'current',
      'known',
      'slots',
    ]);
  });

  test('routes share a port by their names, and two for the same names do not', async () => {
    const { port: listen } = await opened.proxy.ensure({
      name: 'shared-a',
      listen: 0,
      serverNames: ['a.example.org'],
    });
    await opened.proxy.ensure({ name: 'shared-b', listen, serverNames: ['b.example.org'] });
    await opened.proxy.switch('shared-a', 'blue', blue.upstream);
    await opened.proxy.switch('shared-b', 'blue', green.upstream);
    const ask = async (host: string) => {
      const { body } = await request(`http://127.0.0.1:${listen}`, { headers: { Host: host } });
      return await body.text();
    };
    expect([await ask('a.example.org'), await ask('b.example.org')]).toEqual(['blue', 'green']);
    const rival = { name: 'shared-c', listen, serverNames: ['b.example.org'] };
    await expect(opened.proxy.ensure(rival)).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringContaining('shared-b') as string,
    });
  });

  test('a reload that the agent may not do is said, and undone', async () => {
    const denied = nginxProxy({
      ...opened.options,
      reload: [
        'sh',
        '-c',
        'echo "Failed to reload: Interactive authentication required." >&2; exit 1',
      ],
    });
    const asking = denied.ensure({ name: 'denied', listen: 0 });
    await expect(asking).rejects.toMatchObject({
      code: 'proxy_refused',
      message: expect.stringContaining('authentication required') as string,
    });
    expect(readdirSync(opened.server.folder)).not.toContain('sallyport-denied.conf');
  });

  test('nobody but nginx needs to be let in: folders can be gone through, not looked at', () => {
    const folder = join(opened.options.state, 'nginx', 'web');
    expect(statSync(folder).mode & 0o777).toBe(0o711);
  });
});
