import { expect, test } from 'vitest';
import { findServices } from '../../src/upkeep/known-services.ts';
import { fakeMachine } from '../support/fake-machine.ts';

const slot = (port: number, socket: string | null, config: object) => ({ port, socket, config });

test('services are those whose slots were written down; other files and damaged ones are none', async () => {
  const machine = fakeMachine();
  const write = (name: string, content: unknown) =>
    machine.write(
      `/s/slots/${name}`,
      typeof content === 'string' ? content : JSON.stringify(content),
      0o600,
      null,
    );
  await machine.makeFolder('/s/slots', 0o700, null);
  const hosting = { init: 'systemd', proxy: { driver: 'haproxy' } };
  await write('production.web.json', {
    slots: { blue: slot(8001, null, hosting), green: slot(8002, '/run/web.sock', hosting) },
  });
  await write('staging.api.json', { slots: { blue: slot(9001, null, {}), green: null } });
  await write('production.web.blue.json', { name: 'production.web.blue', pid: 12 });
  await write('broken.json', '{"slots":');
  await write('empty.json', { slots: { blue: null, green: null } });
  expect(await findServices('/s', machine)).toEqual([
    {
      route: 'production.web',
      init: 'systemd',
      driver: 'haproxy',
      slots: [
        { name: 'production.web.blue', port: 8001 },
        { name: 'production.web.green', port: null },
      ],
    },
    {
      route: 'staging.api',
      init: 'process',
      driver: 'builtin',
      slots: [{ name: 'staging.api.blue', port: 9001 }],
    },
  ]);
  expect(await findServices('/nowhere', machine)).toEqual([]);
});
