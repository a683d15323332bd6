import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { forwardUpgrade } from '../../../../src/adapters/proxy/builtin/forward-upgrade.ts';
import { until } from '../../../support/until.ts';
import { createListener, listenOn } from '../../../../src/adapters/proxy/builtin/listener.ts';
import { defaultTimes, Slot } from '../../../../src/adapters/proxy/builtin/slot.ts';

test('a refusal of an upgrade that breaks off ends the connection of its client', async () => {
  const broken = createServer((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 403 No\r\nContent-Length: 100\r\n\r\nhalf', () => socket.destroy());
    });
  }).listen(0, '127.0.0.1');
  await once(broken, 'listening');
  const { port } = broken.address() as AddressInfo;
  const slot = new Slot('blue', { host: '127.0.0.1', port }, defaultTimes);
  const choose = () => ({ kind: 'slot', slot, setCookie: null }) as const;
  const traffic = { name: 'web', choose, refused: () => undefined, tell: null };
  const listener = createListener(
    () => undefined,
    (request, socket, head) => forwardUpgrade(request, socket, head, traffic),
  );
  const client = connect(await listenOn(listener.server, 0, '127.0.0.1'), '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  const answer = await text(client);
  expect(answer).toMatch(/^HTTP\/1\.1 403 No\r\n/);
  await until(() => slot.active === 0);
  slot.retire();
  listener.release();
  broken.close();
});
