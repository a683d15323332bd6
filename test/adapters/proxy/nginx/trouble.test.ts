import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nginxProxy } from '../../../../src/adapters/proxy/nginx/nginx-proxy.ts';
import { proxyContract } from '../../../contract/proxy.ts';
import { hasNginx } from '../../../support/nginx.ts';
import { startUpstream, type TestUpstream } from '../../../support/upstream.ts';
import { describeWhen, isLong } from '../../../support/when.ts';
import { openNginx } from './open-nginx.ts';

// The same promises where the configuration is written anew for every switch; 20 s of reloads.
describeWhen(isLong && hasNginx())('nginx, reloaded', () => {
  proxyContract('nginx, mode reload', async () => await openNginx('reload'));
});

describe.skipIf(!hasNginx())('nginx in trouble', () => {
  let opened: Awaited<ReturnType<typeof openNginx>>;
  let blue: TestUpstream;
  let url: string;

  beforeAll(async () => {
    opened = await openNginx('socket');
    blue = await startUpstream('blue');
    const { port } = await opened.proxy.ensure({ name: 'web', listen: 0 });
    url = `http://127.0.0.1:${port}`;
    await opened.proxy.switch('web', 'blue', blue.upstream);
  });
  afterAll(async () => await Promise.all([blue.close(), opened.close()]));

  test('what its checker says about other files stands in the error', async () => {
    const broken = join(opened.server.folder, 'of-the-user.conf');
    writeFileSync(broken, 'no_such_directive on;\n');
    const asking = opened.proxy.ensure({ name: 'more', listen: 0 });
    await expect(asking).rejects.toMatchObject({
      code: 'proxy_refused',
      message: expect.stringContaining('unknown directive "no_such_directive"') as string,
    });
    const problems = await opened.proxy.check();
    expect(problems[0]?.message).toContain('no_such_directive');
    // It needs no loading for this.
    await opened.proxy.switch('web', 'green', blue.upstream);
    expect(await (await fetch(url)).text()).toBe('blue');
    rmSync(broken);
    expect(readdirSync(opened.server.folder)).toEqual(['sallyport-web.conf']);
  });

  test('a file that was written, but never loaded, is loaded by ensuring', async () => {
    const { folder } = opened.server;
    const listen = Number(new URL(url).port);
    const route = { name: 'web', listen, serverNames: ['shop.example.org'] };
    // As an agent that was killed between the two.
    const path = join(folder, 'sallyport-web.conf');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replaceAll('/.sallyport/', '/.sallyport/x'));
    expect(await opened.proxy.current('web')).toBeNull();
    expect((await opened.proxy.check())[0]?.hint).toContain(`include ${folder}/*.conf;`);
    expect(await opened.proxy.ensure(route)).toMatchObject({ slot: 'green' });
    expect(await opened.proxy.check()).toEqual([]);
  });

  test('an include that is missing is said, and nothing is left behind', async () => {
    const elsewhere = join(opened.server.root, 'elsewhere');
    const lost = nginxProxy({ ...opened.options, folder: elsewhere, patienceMs: 500 });
    const asking = lost.ensure({ name: 'lost', listen: 0 });
    await expect(asking).rejects.toMatchObject({
      code: 'proxy_refused',
      hint: expect.stringContaining(`include ${elsewhere}/*.conf`) as string,
    });
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});
