import { expect, test } from 'vitest';
import { ServiceConfig } from '../../../src/config/service.ts';
import { supervisionOf } from '../../../src/targets/service/supervision-of.ts';

const base = {
  kind: 'service',
  run: ['node', 'server.js'],
  ports: { blue: 8001, green: 8002 },
  proxy: { listen: 80 },
};
const none = { memory: null, cpu: null, tasks: null, files: null };

test.each([
  [
    'what is not said is not limited, but sandboxed',
    ServiceConfig.parse(base),
    null,
    { notify: false, limits: none, sandbox: true, writable: [] },
  ],
  [
    'limits and folders as they are configured',
    ServiceConfig.parse({
      ...base,
      notify: true,
      limits: { memory: '512M', cpu: 1.5, tasks: 64, files: 4096 },
      writable: ['/srv/uploads'],
    }),
    null,
    {
      notify: true,
      limits: { memory: 512 * 1024 * 1024, cpu: 1.5, tasks: 64, files: 4096 },
      sandbox: true,
      writable: ['/srv/uploads'],
    },
  ],
  [
    'it may make its socket',
    ServiceConfig.parse(base),
    '/var/lib/sallyport/sockets/web/blue.sock',
    { notify: false, limits: none, sandbox: true, writable: ['/var/lib/sallyport/sockets/web'] },
  ],
])('%s', (_case, config, socket, expected) => {
  expect(supervisionOf({ config, socket })).toEqual(expected);
});

test('a slot that an older agent wrote is started as it was then', () => {
  const { path, run, env, health } = ServiceConfig.parse(base);
  const config = { path, run, env, health };
  expect(supervisionOf({ config, socket: null })).toMatchObject({ sandbox: false, limits: none });
});
