import { expect, test } from 'vitest';
import type { LoggedJob, LoggedRecord } from '../../src/deploy/admit.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import { takenByHand } from '../../src/deploy/taken-by-hand.ts';
import type { Operation } from '../../src/model/job.ts';
import { jobOf, loggedJob, recorder } from '../support/jobs.ts';

type Say = ReturnType<typeof recorder>;
type Told = (say: Say) => readonly LoggedRecord[];

const hosts = ['web-1', 'web-2'];
const targets = ['web', 'api'].map((name) => ({ name, kind: 'service', wave: 0, hosts }));
const staged: Told = (say) =>
  [0, 1].flatMap((target) =>
    hosts.map((host) => say.unit(host, 'done', { target, reason: 'staged' })),
  );
const acted =
  (host: string, changes = {}, number = 1): Told =>
  (say) => [say.host(host, 'held', number, changes)];

/** What waits after a deployment that staged both targets on both hosts, and what was told since. */
async function waiting(told: Told, later: readonly (readonly [Operation, Told])[] = []) {
  const jobs: LoggedJob[] = [];
  const records: LoggedRecord[] = [];
  const all = [['deploy', (say: Say) => [...staged(say), ...told(say)]] as const, ...later];
  for (const [place, [operation, words]] of all.entries()) {
    const prev = jobs.at(-1)?.digest ?? null;
    const job = await loggedJob(place + 1, jobOf(`job ${place}`, prev, { operation, targets }));
    const say = recorder(job);
    jobs.push(job);
    records.push(say.bound(), ...words(say));
  }
  const view = foldEnvironment('production', { jobs, records });
  const left = view.staged.map(({ targets: names }) => names.join());
  return `${left.join(' ') || '-'} / ${takenByHand(view).length}`;
}

test.each<[string, Told, string]>([
  ['nobody acted', () => [], 'web,api / 0'],
  ['on one of two hosts: the other one waits', acted('web-1'), 'web,api / 0'],
  ['on both', (say) => [...acted('web-1')(say), ...acted('web-2')(say)], '- / 1'],
  [
    'on both, for one target',
    (say) => [...acted('web-1', { target: 0 })(say), ...acted('web-2', { target: 0 })(say)],
    'api / 0',
  ],
  [
    'for one target each time',
    (say) =>
      hosts.flatMap((host) => [0, 1].flatMap((target) => acted(host, { target }, target + 1)(say))),
    '- / 1',
  ],
  [
    'they gave it back',
    (say) => hosts.flatMap((host) => [...acted(host)(say), say.host(host, 'released', 2)]),
    '- / 1',
  ],
  [
    'a host only drifted',
    (say) => hosts.map((host) => say.host(host, 'drifted', 1)),
    'web,api / 0',
  ],
])('what people did on a host: %s', async (_name, told, expected) => {
  expect(await waiting(told)).toBe(expected);
});

test('it counts on whichever deployment it is told', async () => {
  const both: Told = (say) => [...acted('web-1')(say), ...acted('web-2')(say)];
  expect(await waiting(() => [], [['plan', both]])).toBe('- / 1');
});

test('what is staged after it waits', async () => {
  const first: Told = (say) => [...acted('web-1')(say), ...acted('web-2')(say)];
  expect(await waiting(first, [['deploy', staged]])).toBe('web,api / 0');
});
