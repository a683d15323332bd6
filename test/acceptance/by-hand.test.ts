import { expect, test } from 'vitest';
import type { StatusJson } from '../../src/report/status-json.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { release } from '../support/acceptance/repository.ts';
import { ask } from '../support/acceptance/service.ts';
import { endOf } from '../support/acceptance/talk.ts';

const place = usePlace({ origins: ['app', 'operator'] });

const version = () => ask(place().ports.production, '/version');

async function stopsNow() {
  const { stdout } = await place().host.ask('status', 'production', '--json');
  const [environment] = (JSON.parse(stdout) as StatusJson).environments;
  return environment?.hosts[0]?.targets[0]?.stops;
}

test('people on the host show a maintenance page, and end it', async () => {
  const { talk, host } = place();
  const pull = await talk.openPull('greet', release('1.1.0'));
  expect(endOf(await talk.run(pull, '/deploy production'))).toBe('success');
  const on = await host.ask('maintenance', 'production', 'web', '--on', '--message', 'At six.');
  expect(on).toMatchObject({ code: 0, stderr: '' });
  expect(on.stdout).toContain('sallyport maintenance production web --off');
  expect(await version()).toMatch(/^503 .*At six\./);

  expect(await stopsNow()).toMatchObject([
    { kind: 'maintenance', message: 'At six.', by: expect.any(String), since: expect.any(String) },
  ]);
  const off = await host.ask('maintenance', 'production', '--off', '--json');
  expect(JSON.parse(off.stdout)).toMatchObject({ ok: true, verb: 'maintenance', next: null });
  expect([await version(), await stopsNow()]).toEqual(['200 1.1.0', undefined]);
});

test('held requests wait until somebody lets them go', async () => {
  const { host } = place();
  expect((await host.ask('hold', 'production', '--for', '60s')).code).toBe(0);
  const answer = version();
  expect(await stopsNow()).toMatchObject([{ kind: 'hold', seconds: 60 }]);
  const early = await Promise.race([answer, Promise.resolve('it waits')]);
  expect(early).toBe('it waits');
  expect((await host.ask('hold', 'production', '--off')).code).toBe(0);
  expect(await answer).toBe('200 1.1.0');
  expect((await host.ask('hold', 'production', 'wbe')).stderr).toContain('Did you mean web?');
});
