import { afterAll, expect, test } from 'vitest';
import { mona, repository } from '../support/acceptance/names.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { configPath, crashingRelease, release } from '../support/acceptance/repository.ts';
import { endOf } from '../support/acceptance/talk.ts';
import { until } from '../support/acceptance/wait.ts';
import { openReceiver } from '../support/http-receiver.ts';
import { signedHook } from '../support/notifier-services.ts';

const hook = await openReceiver(signedHook('known to both'));
const silent = await openReceiver(() => new Promise<never>(() => undefined) as never);
afterAll(async () => {
  await hook.close();
  await silent.close();
});

const appEnv = {
  HOOK: `${hook.url}/sallyport`,
  HOOK_SECRET: 'known to both',
  SILENT: `${silent.url}/sallyport`,
};
const place = usePlace({ appEnv });

const receivers = `
    notify:
      - { slack: $NOT_THERE }
      - { teams: $SILENT }
      - { pagerduty: $WEBHOOK_SECRET }
      - { webhook: $HOOK, secret: $HOOK_SECRET, events: [started, completed, failed, rolled-back] }`;

/** Killed between a delivery and the note of it, the App delivers it again, under the same id. */
const told = () => {
  const bodies = hook.taken.map((body) => JSON.parse(body) as Record<string, unknown>);
  return [...new Map(bodies.map((body) => [body['id'], body])).values()];
};
const events = () =>
  told().map(({ event, deployment }) => `${String(event)} ${String(deployment)}`);

test('receivers are told once each; one that is silent or missing holds nothing up', async () => {
  const { talk, github, policy, app } = place();
  const change = policy.replace(
    '    require: { refs',
    `${receivers.slice(1)}\n    require: { refs`,
  );
  const sha = await github.standIn.commit({
    repository,
    branch: 'main',
    files: { [configPath]: change },
    by: mona,
  });
  // Staging follows main by itself, and has no receivers.
  await talk.newest(sha);
  const pull = await talk.openPull('greet', release('1.1.0'));
  silent.be('silent');
  const first = await talk.run(pull, '/deploy production');
  expect(endOf(first)).toBe('success');

  await talk.push('greet', crashingRelease('1.2.0'));
  silent.be('silent');
  const second = await talk.run(pull, '/deploy production');
  expect(endOf(second)).toBe('failure');
  await until('the end is told', () => events().includes(`rolled-back ${second.id}`), {
    facts: () => `${events().join()}\n${app.output}`,
  });
  await app.end('SIGKILL');
  await app.start();
  await talk.ask(pull, '/status production');
  expect(events()).toEqual([
    `started ${first.id}`,
    `completed ${first.id}`,
    `started ${second.id}`,
    `rolled-back ${second.id}`,
  ]);
  expect(told().at(-1)).toMatchObject({
    schema: 1,
    environment: 'production',
    repository: { name: 'acme/shop' },
    actor: mona,
    step: 'start',
    targets: ['web'],
  });
  expect(hook.complaints).toEqual([]);
  expect(app.output).toContain('NOT_THERE is not set where notifications are sent from');
  expect(app.output).toContain('$WEBHOOK_SECRET is not for notifications');
  expect(app.output).not.toContain('known to both');
});
