import { expect, test } from 'vitest';
import { Environment } from '../../src/config/environment.ts';
import type { LoggedRecord } from '../../src/deploy/admit.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import { mayBeSilent } from '../../src/deploy/silent-hosts.ts';
import { lostHosts } from '../../src/notify/lost-hosts.ts';
import { hostNames, jobOf, loggedJob, recorder } from '../support/jobs.ts';

const targets = [{ name: 'web', kind: 'service', wave: 0, hosts: [...hostNames] }];
const job = await loggedJob(1, jobOf('comment:1:1:0', null, { targets }));
const place = { repository: { name: 'acme/shop', url: null }, linkOf: () => null };
const policy = Environment.parse({});
const minute = 60_000;

type Say = ReturnType<typeof recorder>;

function lostAt(now: number, make: (say: Say) => readonly LoggedRecord[]): readonly string[] {
  const say = recorder(job);
  const view = foldEnvironment('production', { jobs: [job], records: [say.bound(), ...make(say)] });
  const notes = lostHosts(view, policy, now, place);
  expect(mayBeSilent(view, now) || notes.length === 0).toBe(true);
  return notes.flatMap(({ hosts }) => hosts);
}

const late = 4 * minute;

test.each<[string, number, (say: Say) => readonly LoggedRecord[], readonly string[]]>([
  ['it has some minutes', 2 * minute, () => [], []],
  ['whoever says nothing at its turn is lost', late, () => [], ['web-1']],
  [
    'one that works says nothing until it is done',
    late,
    (say) => [say.unit('web-1', 'applying')],
    [],
  ],
  ['then it is the next one', late, (say) => [say.unit('web-1', 'done')], ['web-2']],
  [
    'its minutes begin with its turn',
    late,
    (say) => [{ ...say.unit('web-1', 'done'), at: 2 * minute }],
    [],
  ],
  [
    'one that said what it waits for is there',
    late,
    (say) => [say.unit('web-1', 'waiting', { reason: 'window_closed', attempt: 2 })],
    [],
  ],
  ['nobody is waited for in the end', late, (say) => [say.act('cancelled')], []],
])('%s', (_, now, make, lost) => {
  expect(lostAt(now, make)).toEqual(lost);
});
