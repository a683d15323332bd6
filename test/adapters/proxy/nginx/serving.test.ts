import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { connect } from 'node:tls';
import { Agent, fetch, request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nginxProxy } from '../../../../src/adapters/proxy/nginx/nginx-proxy.ts';
import { hasNginx } from '../../../support/nginx.ts';
import { startUpstream, type TestUpstream } from '../../../support/upstream.ts';
import { until } from '../../../support/until.ts';
import { openNginx } from './open-nginx.ts';

describe.skipIf(!hasNginx())('nginx serves', () => {
  let opened: Awaited<ReturnType<typeof openNginx>>;
  let blue: TestUpstream;
  let green: TestUpstream;
  let url: string;
  const preview = { header: 'X-Sallyport-Slot', cookie: 'sallyport_slot' };

  beforeAll(async () => {
    opened = await openNginx('socket');
    [blue, green] = await Promise.all([startUpstream('blue'), startUpstream('green')]);
    const { port } = await opened.proxy.ensure({ name: 'web', listen: 0, preview });
    url = `http://127.0.0.1:${port}`;
  });
  beforeEach(async () => await opened.proxy.switch('web', 'blue', blue.upstream));
  afterAll(async () => {
    await Promise.all([blue.close(), green.close(), opened.close()]);
  });

  const headersSeen = async (headers: Record<string, string>) => {
    const answer = await fetch(`${url}/headers`, { headers });
    const raw = (await answer.json()) as string[];
    const names = raw.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
    return new Map(names.map((name, at) => [name, raw[at * 2 + 1]]));
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

  test('a body piece by piece in both directions, with the path and the query as they came', async () => {
    const pieces = new Readable({ read() {} });
    pieces.push('one');
    const { body } = await request(`${url}/echo`, { method: 'POST', body: pieces });
    const back = body[Symbol.asyncIterator]();
    expect(String((await back.next()).value)).toBe('one');
    pieces.push('two');
    expect(String((await back.next()).value)).toBe('two');
    pieces.push(null);
    expect((await back.next()).done).toBe(true);
    await fetch(`${url}/a%2Fb%20c?x=%2F&y`);
    expect(blue.asked).toContain('/a%2Fb%20c?x=%2F&y');
  });

  test('502 where the slot is dead', async () => {
    const gone = await startUpstream('gone');
    await opened.proxy.switch('web', 'green', gone.upstream);
    await gone.close();
    expect((await fetch(url)).status).toBe(502);
  });

  test('the slot that a person asks for by header or cookie, and others their own', async () => {
    const ask = async (headers: Record<string, string>) =>
      await (await fetch(url, { headers })).text();
    await opened.proxy.offer!('web', 'teal', green.upstream);
    expect(await ask({ 'X-Sallyport-Slot': 'teal' })).toBe('green');
    expect(await ask({ Cookie: 'a=b; sallyport_slot=teal' })).toBe('green');
    for (const slot of ['none', '../../../etc', '-', 'teal/..', ''])
      expect(await ask({ 'X-Sallyport-Slot': slot })).toBe('blue');
    await opened.proxy.offer!('web', 'teal', null);
    expect(await ask({ 'X-Sallyport-Slot': 'teal' })).toBe('blue');
    expect(await ask({ 'X-Sallyport-Slot': 'blue' })).toBe('blue');
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

  test('TLS, and the new certificate once the route is ensured again', async () => {
    const { root } = opened.server;
    const tls = { certificate: join(root, 'c.pem'), key: join(root, 'k.pem') };
    const make = (name: string) => {
      const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
      const files = ['-keyout', tls.key, '-out', tls.certificate, '-days', '1'];
      execFileSync('openssl', ['req', '-x509', ...kind, ...files, '-subj', `/CN=${name}`], {
        stdio: 'ignore',
      });
    };
    make('one.example.org');
    const route = { name: 'secure', listen: 0, tls, serverNames: ['one.example.org'] };
    const { port } = await opened.proxy.ensure(route);
    await opened.proxy.switch('secure', 'blue', blue.upstream);
    const ask = async () => {
      const connect = { rejectUnauthorized: false, servername: 'one.example.org' };
      const client = new Agent({ connect });
      const headers = { Host: 'one.example.org' };
      const { body } = await request(`https://127.0.0.1:${port}`, { dispatcher: client, headers });
      const text = await body.text();
      await client.close();
      return `${text}, ${await subjectAt(port)}`;
    };
    expect(await ask()).toBe('blue, one.example.org');
    make('two.example.org');
    await opened.proxy.ensure(route);
    expect(await ask()).toBe('blue, two.example.org');
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

async function subjectAt(port: number): Promise<string> {
  const options = { port, host: '127.0.0.1', servername: 'one.example.org' };
  const socket = connect({ ...options, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}
