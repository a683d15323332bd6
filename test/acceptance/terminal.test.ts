import { expect, test } from 'vitest';
import { usePlace } from '../support/acceptance/place.ts';
import { crashingRelease, lastWords, release } from '../support/acceptance/repository.ts';
import { endOf } from '../support/acceptance/talk.ts';

const place = usePlace();

test('status, history and logs tell a script what happened on the host', async () => {
  const { talk, host } = place();
  const pull = await talk.openPull('greet', release('1.1.0'));
  const good = await talk.run(pull, '/deploy production');
  await talk.push('greet', crashingRelease('1.2.0'));
  const bad = await talk.run(pull, '/deploy production');
  expect([endOf(good), endOf(bad)]).toEqual(['success', 'failure']);

  const status = await host.ask('status', 'production', '--json');
  expect(status).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(status.stdout)).toMatchObject({
    schema: 1,
    ok: true,
    environments: [
      {
        name: 'production',
        health: 'healthy',
        commit: good.sha,
        deployment: String(good.id),
        since: expect.stringMatching(/^\d{4}-.*Z$/),
        hosts: [
          {
            name: 'web-1',
            targets: [{ name: 'web', slot: 'blue', version: '1.1.0', health: 'healthy' }],
          },
        ],
      },
    ],
  });

  const history = await host.ask('history', 'production', '--json');
  const { deployments } = JSON.parse(history.stdout) as { deployments: readonly object[] };
  expect(deployments).toMatchObject([
    { id: String(bad.id), state: 'rolled-back', commit: bad.sha },
    { id: String(good.id), state: 'completed', operation: 'deploy', actor: 'mona' },
  ]);
  expect(deployments[1]).toMatchObject({
    events: [
      { state: 'issued', by: 'mona', host: null, reason: 'none' },
      { state: 'bound', by: 'app', host: null },
      { state: 'applying', by: 'web-1', host: 'web-1' },
      { state: 'done', by: 'web-1', host: 'web-1' },
    ],
  });

  const logs = await host.ask('logs', String(bad.id));
  expect(logs.code).toBe(0);
  expect(logs.stdout).toContain(lastWords);
});

test('what is not there, and an agent that does not answer, have exit codes of their own', async () => {
  const { host } = place();
  const unknown = await host.ask('status', 'nowhere', '--json');
  expect(unknown.code).toBe(4);
  expect(JSON.parse(unknown.stdout)).toMatchObject({ schema: 1, ok: false });
  expect(await host.ask('logs', '999999')).toMatchObject({ code: 4, stdout: '' });
  await host.agent.end('SIGTERM');
  const silent = await host.ask('status');
  expect(silent.code).toBe(5);
  expect(silent.stderr).toContain('sallyport agent');
});
