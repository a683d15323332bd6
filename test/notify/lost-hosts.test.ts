import { expect, test } from 'vitest';
import { Environment } from '../../src/config/environment.ts';
import type { LoggedRecord } from '../../src/deploy/admit.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import { hostsAtWork, mayBeSilent } from '../../src/deploy/silent-hosts.ts';
import { lostHosts } from '../../src/notify/lost-hosts.ts';
import { hostKeys, hostNames, jobOf, loggedJob, recorder } from '../support/jobs.ts';

const targets = [{ name: 'web', kind: 'service', wave: 0, hosts: [...hostNames] }];
const job = await loggedJob(1, jobOf('comment:1:1:0', null, { targets }));
const place = { repository: { name: 'acme/shop', url: null }, linkOf: () => null };
const policy = Environment.parse({});
const minute = 60_000;

type Say = ReturnType<typeof recorder>;

function lostAt(
  now: number,
  make: (say: Say) => readonly LoggedRecord[],
  atWork: readonly string[] = [],
): readonly string[] {
  const say = recorder(job);
  const view = foldEnvironment('production', { jobs: [job], records: [say.bound(), ...make(say)] });
  const notes = lostHosts(view, policy, now, place, new Set(atWork));
  expect(mayBeSilent(view, now) || notes.length === 0).toBe(true);
  return notes.flatMap(({ hosts }) => hosts);
}

/** Three polls of 10 s, the jitter, and a minute for what comes before the first word. */
const tooEarly = 93_000;
/** The recorder's records are taken in the second second. */
const late = tooEarly + 2_000;

test.each<[string, number, (say: Say) => readonly LoggedRecord[], readonly string[]]>([
  ['three polls are not over', tooEarly, () => [], []],
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
    (say) => [{ ...say.unit('web-1', 'done'), at: minute }],
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

test('one that works in another environment is not lost', () => {
  expect(lostAt(late, () => [], ['web-1'])).toEqual([]);
});

test.each<[string, number, string, number]>([
  ['agents of a large roster poll less often', 30, 'service', 258_000],
  ['a program that plans takes its time', 3, 'command', 213_000],
])('%s', async (_, count, kind, expected) => {
  const names = Array.from({ length: count }, (_none, place) => `h${place + 1}`);
  const roster = names.map((name) => ({ name, key: hostKeys['web-1']!.public.text }));
  const many = [{ name: 'web', kind, wave: 0, hosts: names }];
  const large = await loggedJob(1, jobOf('comment:1:1:0', null, { targets: many, roster }));
  const records = [recorder(large).bound()];
  const view = foldEnvironment('production', { jobs: [large], records });
  const since = (now: number) => lostHosts(view, policy, now, place, new Set()).length;
  expect([since(expected), since(expected + 2_000)]).toEqual([0, 1]);
});

test('hosts at work are those that change something now, in any environment', () => {
  const say = recorder(job);
  const records = [say.bound(), say.unit('web-1', 'done'), say.unit('web-2', 'applying')];
  const view = foldEnvironment('production', { jobs: [job], records });
  expect([...hostsAtWork([view])]).toEqual(['web-2']);
});
