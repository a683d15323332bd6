import { expect, test } from 'vitest';
import { decide, type Situation } from '../../src/agent/decide.ts';
import type { PastUnit } from '../../src/agent/notebook.ts';
import { Environment } from '../../src/config/environment.ts';
import type { LoggedRecord } from '../../src/deploy/admit.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import type { Outcome } from '../../src/deploy/journal-entries.ts';
import type { JobDraft } from '../../src/deploy/issue.ts';
import { jobOf, loggedJob, recorder } from '../support/jobs.ts';

type Recorder = ReturnType<typeof recorder>;
type Changes = Partial<Omit<Situation, 'rules' | 'memory'>> & {
  readonly job?: Partial<JobDraft>;
  readonly rules?: Partial<Situation['rules']>;
  readonly memory?: Partial<Situation['memory']>;
};

const failure = { reason: 'build_failed', step: 'build', message: '', details: [] } as const;
const started = (said: Recorder) => [said.unit('web-1', 'applying')];
const failedLater = (said: Recorder) => [
  said.unit('web-1', 'done'),
  said.unit('web-2', 'rolled-back'),
];
const onNoHost = { targets: [{ name: 'dns', kind: 'service', wave: 0, hosts: [] }] };

const approvals = new Map([['production', Environment.parse({ require: { approvals: 1 } })]]);

test.each<[string, (said: Recorder) => readonly LoggedRecord[], Changes, readonly object[]]>([
  ['it is the first host', () => [], {}, [{ kind: 'act', direction: 'forward' }]],
  ['it has begun', started, {}, [{ kind: 'act', direction: 'forward' }]],
  [
    'another host is at work',
    started,
    { rules: { name: 'web-2' } },
    [{ kind: 'wait', reason: 'not_my_turn' }],
  ],
  ['a later host failed', failedLater, {}, [{ kind: 'act', direction: 'back' }]],
  [
    'it ended, and the ledger does not show it yet',
    started,
    { memory: pastOf({ state: 'done' }) },
    [{ kind: 'wait', reason: 'queued' }],
  ],
  [
    'it was undone, and the ledger shows it only under way',
    (said) => [said.unit('web-1', 'rolling-back')],
    { memory: pastOf({ state: 'rolled-back', failure }) },
    [{ kind: 'wait', reason: 'queued' }],
  ],
  [
    'it is done, and a later host failed',
    failedLater,
    { memory: pastOf({ state: 'done' }) },
    [{ kind: 'act', direction: 'back' }],
  ],
  ['it was refused', () => [], { memory: { hasRefused: () => true } }, [{ kind: 'wait' }]],
  [
    'the host takes no jobs of the App',
    () => [],
    { rules: { origins: ['git'] } },
    [{ kind: 'refuse', reason: 'not_allowed_here' }],
  ],
  [
    'the host does not allow the kind',
    () => [],
    { rules: { kinds: [] } },
    [{ kind: 'refuse', reason: 'not_allowed_here' }],
  ],
  [
    'the host takes only what people on it ask for',
    () => [],
    { rules: { origins: ['operator'] }, job: { repository: 0, flags: { auto: true } } },
    [{ kind: 'refuse', reason: 'not_allowed_here' }],
  ],
  [
    'a person on the host asks, where there is no GitHub',
    () => [],
    { rules: { origins: ['operator'] }, job: { repository: 0 } },
    [{ kind: 'act' }],
  ],
  [
    'the time to start is over, but it waited for a window meanwhile',
    (said) => [said.unit('web-1', 'waiting', { attempt: 2, reason: 'window_closed' })],
    { now: Date.UTC(2026, 0, 3) },
    [{ kind: 'act' }],
  ],
  [
    'the policy of now is not known',
    () => [],
    { policies: new Map() },
    [{ kind: 'wait', reason: 'config_invalid' }],
  ],
  [
    'the policy of now is not known, but it has begun',
    started,
    { policies: new Map() },
    [{ kind: 'act' }],
  ],
  [
    'people must approve first',
    () => [],
    { rules: { name: 'web-2' }, policies: approvals },
    [{ kind: 'plan' }],
  ],
  [
    "GitHub's environment has reviewers, so people must approve first",
    () => [],
    { rules: { name: 'web-2' }, job: { flags: { approvals: '1' } } },
    [{ kind: 'plan' }],
  ],
  ['the job only plans', () => [], { job: { operation: 'plan' } }, [{ kind: 'plan' }]],
  [
    'the time to start is over',
    () => [],
    { now: Date.UTC(2026, 0, 3) },
    [{ kind: 'refuse', reason: 'expired' }],
  ],
  [
    'that time is over, but it has begun',
    started,
    { now: Date.UTC(2026, 0, 3) },
    [{ kind: 'act' }],
  ],
  [
    'the job ran here under another deployment',
    () => [],
    { memory: { ranAs: () => 6 } },
    [{ kind: 'refuse', reason: 'superseded' }],
  ],
  [
    'the environment is not one of the host',
    () => [],
    { rules: { environments: ['staging'] } },
    [],
  ],
  ['the target lives on no host', () => [], { job: onNoHost }, [{ kind: 'act' }]],
  [
    'it lives on no host, and this agent is not in the roster',
    () => [],
    { job: onNoHost, rules: { name: 'web-9' } },
    [{ kind: 'wait', reason: 'not_my_turn' }],
  ],
])('when %s', async (_when, records, changes, expected) => {
  expect(decide(await situationOf(records, changes))).toMatchObject(expected);
});

async function situationOf(
  records: (said: Recorder) => readonly LoggedRecord[],
  { job: draft = {}, rules, memory, now, policies }: Changes,
): Promise<Situation> {
  const targets = [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1', 'web-2'] }];
  const logged = await loggedJob(7, jobOf('a comment', null, { targets, ...draft }));
  const said = recorder(logged);
  const log = { jobs: [logged], records: [said.bound(), ...records(said)] };
  return {
    rules: {
      name: 'web-1',
      environments: ['production'],
      origins: ['app'],
      kinds: ['service'],
      ...rules,
    },
    environments: new Map([['production', foldEnvironment('production', log)]]),
    now: now ?? Date.UTC(2026, 0, 1),
    policies: policies ?? new Map([['production', Environment.parse({})]]),
    memory: { past: () => undefined, ranAs: () => undefined, hasRefused: () => false, ...memory },
  };
}

function pastOf(outcome: Outcome): Partial<Situation['memory']> {
  return { past: () => ({ direction: 'forward', outcome }) as PastUnit };
}
