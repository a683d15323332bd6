import { expect, test } from 'vitest';
import type { StatusJson } from '../../src/report/status-json.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { release } from '../support/acceptance/repository.ts';
import { ask } from '../support/acceptance/service.ts';
import { endOf } from '../support/acceptance/talk.ts';
import { until } from '../support/acceptance/wait.ts';

const place = usePlace({ origins: ['app', 'operator'] });

async function statusOf(): Promise<StatusJson> {
  const { stdout } = await place().host.ask('status', 'production', '--json');
  return JSON.parse(stdout) as StatusJson;
}

/** What GitHub shows that the host said of people's hands, on whichever deployment. */
function told(): readonly string[] {
  return place()
    .talk.deployments.flatMap(({ statuses }) => statuses)
    .map(({ description }) => description ?? '')
    .filter((words) => /^web-1 (?:held|released)/.test(words));
}

test('an outage of GitHub: people go back on the host, and GitHub is told of it afterwards', async () => {
  const { talk, host, github, ports } = place();
  const pull = await talk.openPull('greet', release('1.1.0'));
  const one = await talk.run(pull, '/deploy production');
  await talk.push('greet', release('1.2.0'));
  expect(endOf(await talk.run(pull, '/deploy production'))).toBe('success');
  expect(await ask(ports.production, '/version')).toBe('200 1.2.0');

  github.outage = true;
  const facts = () => host.agent.output;
  const isCutOff = async () => (await statusOf()).agent?.connected === false;
  await until('the agent says that it is cut off', isCutOff, { facts });
  expect((await statusOf()).agent?.connected_since).toMatch(/Z$/);
  // Whoever starts it without the network finds all that was known.
  await host.agent.end('SIGKILL');
  await host.agent.start();
  const back = ['rollback', 'production', '--reason', 'blank maps', '--wait', '--timeout', '60s'];
  expect(await host.ask(...back)).toMatchObject({ code: 0 });
  expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
  expect((await statusOf()).environments).toMatchObject([
    { sync: 'held', held: ['web-1'], commit: one.sha },
  ]);

  await host.agent.end('SIGKILL');
  await host.agent.start();
  github.outage = false;
  await until('GitHub is told', () => told().length > 0, { facts });
  await talk.push('greet', release('1.3.0'));
  const next = await talk.begin(pull, '/deploy production');
  const isHeld = async () => (await statusOf()).environments[0]?.waits?.reason === 'held';
  await until('the next one waits', isHeld, { facts });
  expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
  expect(told()).toEqual([
    expect.stringMatching(
      /^web-1 held: \S+ rolled back to [0-9a-f]{7} while GitHub could not be reached: blank maps$/,
    ),
  ]);

  expect(await host.ask('release', 'web-1')).toMatchObject({ code: 0 });
  expect(endOf(await talk.ended(next))).toBe('success');
  expect(await ask(ports.production, '/version')).toBe('200 1.3.0');
  expect(told()).toHaveLength(2);
  expect(told()[1]).toMatch(/^web-1 released: \S+ released web-1$/);
});
