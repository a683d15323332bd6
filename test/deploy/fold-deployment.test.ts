import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoggedRecord } from '../../src/deploy/admit.ts';
import { foldDeployment } from '../../src/deploy/fold-deployment.ts';
import {
  deploymentTransitions,
  pathBetween,
  unitTransitions,
} from '../../src/deploy/transitions.ts';
import { unitStates } from '../../src/model/unit.ts';
import { hostNames, jobOf, loggedJob, recorder } from '../support/jobs.ts';

const job = await loggedJob(1, jobOf('comment:1:1:0', null));
const onlyHosts = await loggedJob(
  1,
  jobOf('comment:1:1:0', null, {
    targets: [{ name: 'web', kind: 'service', wave: 0, hosts: [...hostNames] }],
  }),
);

/** Any sequence of things that hosts and the App may say of a deployment. */
const anyRecords: fc.Arbitrary<readonly LoggedRecord[]> = fc
  .array(
    fc.oneof(
      fc.tuple(
        fc.constant('unit' as const),
        fc.constantFrom(...hostNames),
        fc.constantFrom(...unitStates),
      ),
      fc.tuple(
        fc.constant('hostless' as const),
        fc.constantFrom(...hostNames),
        fc.constantFrom(...unitStates),
      ),
      fc.tuple(
        fc.constant('lease' as const),
        fc.constantFrom(...hostNames),
        fc.constantFrom('claimed' as const, 'renewed' as const, 'released' as const),
      ),
      fc.tuple(
        fc.constant('act' as const),
        fc.constant('web-1'),
        fc.constantFrom('cancelled' as const, 'rejected' as const, 'superseded' as const),
      ),
    ),
    { maxLength: 30 },
  )
  .map((said) => {
    const say = recorder(job);
    return [
      say.bound(),
      ...said.map(([kind, host, state], place) =>
        kind === 'unit'
          ? say.unit(host, state)
          : kind === 'hostless'
            ? say.hostless(host, state)
            : kind === 'lease'
              ? say.lease(host, state, place, place * 50_000)
              : say.act(state),
      ),
    ];
  });

describe('whatever is said', () => {
  test('every unit walks along the table', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        for (const { path, state } of foldDeployment(job, records).units) {
          expect(path[0]).toBe('waiting');
          expect(path.at(-1)).toBe(state);
          path.slice(1).forEach((next, i) => expect(unitTransitions[path[i]!]).toContain(next));
        }
      }),
    );
  });

  test('every prefix of a log is a valid log, and the deployment walks along its table', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const states = records.map(
          (_, end) => foldDeployment(job, records.slice(0, end + 1)).state,
        );
        states.slice(1).forEach((state, i) => {
          const before = states[i]!;
          expect(
            state === before || pathBetween(deploymentTransitions, before, state) !== null,
            `${before} → ${state}`,
          ).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('records of other deployments change nothing', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const foreign = records.map((entry) => ({ ...entry, deployment: 2, id: entry.id + 5000 }));
        expect(foldDeployment(job, [...records, ...foreign])).toEqual(foldDeployment(job, records));
      }),
    );
  });
});

describe('a deployment to three hosts', () => {
  const fold = (make: (say: ReturnType<typeof recorder>) => readonly LoggedRecord[]) => {
    const say = recorder(onlyHosts);
    return foldDeployment(onlyHosts, [say.bound(), ...make(say)]);
  };

  test('waits until the App has bound it', () => {
    expect(foldDeployment(onlyHosts, [])).toMatchObject({
      state: 'pending',
      bound: false,
      over: false,
    });
  });

  test('is applying between two hosts', () => {
    const view = fold((say) => [say.unit('web-1', 'applying'), say.unit('web-1', 'done')]);
    expect(view).toMatchObject({ state: 'applying', over: false });
  });

  test('is completed when every host is done', () => {
    const view = fold((say) => hostNames.map((host) => say.unit(host, 'done')));
    expect(view).toMatchObject({ state: 'completed', over: true, endedAt: 1004 });
  });

  test('is rolling back while a host that was done has not gone back', () => {
    const view = fold((say) => [
      say.unit('web-1', 'done'),
      say.unit('web-2', 'rolled-back', { reason: 'unhealthy' }),
    ]);
    expect(view).toMatchObject({ state: 'rolling-back', reason: 'unhealthy', over: false });
  });

  test('is rolled back when every host that had moved has gone back', () => {
    const view = fold((say) => [
      say.unit('web-1', 'done'),
      say.unit('web-2', 'rolled-back', { reason: 'unhealthy' }),
      say.unit('web-1', 'rolled-back', { reason: 'later_unit_failed' }),
    ]);
    expect(view).toMatchObject({ state: 'rolled-back', over: true });
  });

  test('has failed when a host could not go back', () => {
    const view = fold((say) => [
      say.unit('web-1', 'applying'),
      say.unit('web-1', 'failed', { reason: 'rollback_failed' }),
    ]);
    expect(view).toMatchObject({ state: 'failed', reason: 'rollback_failed', over: true });
  });

  test('can be cancelled before it begins, and not after', () => {
    expect(fold((say) => [say.act('cancelled')])).toMatchObject({ state: 'cancelled', over: true });
    expect(fold((say) => [say.unit('web-1', 'applying'), say.act('cancelled')]).state).toBe(
      'applying',
    );
  });

  test('does not begin after it was cancelled', () => {
    expect(fold((say) => [say.act('cancelled'), say.unit('web-1', 'done')]).state).toBe(
      'cancelled',
    );
  });
});

test('a deployment of nothing is skipped, never completed', async () => {
  const empty = await loggedJob(1, jobOf('comment:1:1:0', null, { targets: [] }));
  expect(foldDeployment(empty, [])).toMatchObject({
    state: 'skipped',
    reason: 'nothing_to_change',
    over: true,
  });
});

test('a unit on no host is spoken of by the holder of its lease alone', () => {
  const say = recorder(job);
  const records = [say.bound(), say.lease('web-1', 'claimed', 0, 1000)];
  const dns = (more: readonly LoggedRecord[]) =>
    foldDeployment(job, [...records, ...more]).units.at(-1)!;
  expect(dns([say.hostless('web-2', 'done')]).state).toBe('waiting');
  expect(dns([say.hostless('web-1', 'done')]).state).toBe('done');
});
