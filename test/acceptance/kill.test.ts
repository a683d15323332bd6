import { expect, test } from 'vitest';
import { usePlace } from '../support/acceptance/place.ts';
import { release } from '../support/acceptance/repository.ts';
import { ask, visit } from '../support/acceptance/service.ts';
import { endOf } from '../support/acceptance/talk.ts';
import { seededRandom } from '../support/random.ts';

const place = usePlace();
const seed = Number(process.env['SALLYPORT_SEED'] ?? Date.now() % 100_000);

test(`kill -9 in a step (seed ${seed}): the deployment ends, and nobody notices`, async () => {
  const { talk, host, ports } = place();
  const pull = await talk.openPull('greet', release('1.0.1'));
  const first = await talk.run(pull, '/deploy production');
  expect(endOf(first)).toBe('success');
  await host.settled(first.id);
  const steps = host.stepsBegun(first.id);
  expect(steps).toContain('switch');

  const visits = visit(ports.production);
  for (const [at, step] of sample(steps).entries()) {
    const version = `1.1.${at}`;
    await talk.push('greet', release(version));
    const deployment = await talk.begin(pull, '/deploy production');
    await host.stepBegins(deployment.id, step);
    await host.agent.restart('SIGKILL');
    await talk.ended(deployment);
    const said = `killed in ${step}\n${host.log(deployment.id)}`;
    expect(endOf(deployment), said).toBe('success');
    await host.settled(deployment.id);
    expect(await ask(ports.production, '/version'), said).toBe(`200 ${version}`);
  }
  const { answered, failed } = await visits.stop();
  expect(failed).toEqual([]);
  expect(answered).toBeGreaterThan(100);
  await host.agent.end('SIGTERM');
  const ends = (await host.journal()).filter(({ kind }) => kind.startsWith('unit-'));
  expect(ends.at(-1)).toEqual({ kind: 'unit-settled' });
}, 600_000);

/** All of them in a long run, four of them otherwise. */
function sample(steps: readonly string[]): readonly string[] {
  if (process.env['SALLYPORT_LONG'] === '1') return steps;
  const random = seededRandom(seed);
  return steps
    .map((step) => ({ step, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .slice(0, 4)
    .map(({ step }) => step);
}
