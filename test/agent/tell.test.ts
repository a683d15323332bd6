import { expect, test, vi } from 'vitest';
import type { Notebook } from '../../src/agent/notebook.ts';
import { Beside } from '../../src/agent/outage/beside.ts';
import { Holds } from '../../src/agent/outage/holds.ts';
import { tellOf } from '../../src/agent/tell.ts';
import { Waits } from '../../src/agent/waits.ts';

test('a target that cannot be looked at is unknown, and hides nothing', async () => {
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const view = tellOf({
    rules: { name: 'web-1', environments: ['production'], origins: ['app'], kinds: ['service'] },
    notebook: { latest: () => [{ target: 'web' }] } as unknown as Notebook,
    sources: [],
    beside: new Beside({
      host: 'web-1',
      environments: ['production'],
      notebook: { holds: new Holds() },
      source: { last: null },
    }),
    makeTarget: () => Promise.reject(new Error('the proxy does not answer')),
    keep: { reportOf: () => null },
    log,
    waits: [new Waits()],
  });
  expect(await view.status(null)).toMatchObject({
    environments: [
      {
        name: 'production',
        hosts: [{ name: 'web-1', targets: [{ name: 'web', health: 'unknown', slot: null }] }],
      },
    ],
  });
  expect(log.warn).toHaveBeenCalledOnce();
});
