import { expect, test } from 'vitest';
import type { LoggedRecord } from '../../src/deploy/admit.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import { whoseTurn } from '../../src/deploy/whose-turn.ts';
import { hostNames, jobOf, loggedJob, recorder } from '../support/jobs.ts';

const job = await loggedJob(1, jobOf('comment:1:1:0', null));

/** What each host is told, in the order of the roster. */
function turns(
  make: (say: ReturnType<typeof recorder>) => readonly LoggedRecord[],
): readonly string[] {
  const say = recorder(job);
  const view = foldEnvironment('production', { jobs: [job], records: [say.bound(), ...make(say)] });
  return hostNames.map((host) => {
    const turn = whoseTurn(view, host);
    return 'unit' in turn ? `${turn.kind} ${turn.unit.target}` : turn.kind;
  });
}

test.each<
  [string, (say: ReturnType<typeof recorder>) => readonly LoggedRecord[], readonly string[]]
>([
  ['at first the first host acts', () => [], ['act web', 'wait', 'wait']],
  [
    'a host that has begun goes on',
    (say) => [say.unit('web-1', 'applying')],
    ['act web', 'wait', 'wait'],
  ],
  [
    'the second follows the first',
    (say) => [say.unit('web-1', 'done')],
    ['wait', 'act web', 'wait'],
  ],
  [
    'a higher wave comes after all hosts of the lower; a unit on no host is anybody’s',
    (say) => hostNames.map((host) => say.unit(host, 'done')),
    ['act dns', 'act dns', 'act dns'],
  ],
  [
    'after a failure the last that is done goes back first',
    (say) => [
      say.unit('web-1', 'done'),
      say.unit('web-2', 'done'),
      say.unit('web-3', 'rolled-back'),
    ],
    ['wait', 'roll-back web', 'wait'],
  ],
  [
    'then the one before it',
    (say) => [
      say.unit('web-1', 'done'),
      say.unit('web-2', 'done'),
      say.unit('web-3', 'rolled-back'),
      say.unit('web-2', 'rolled-back'),
    ],
    ['roll-back web', 'wait', 'wait'],
  ],
  [
    'a host that is rolling back goes on with it',
    (say) => [say.unit('web-1', 'applying'), say.unit('web-1', 'rolling-back')],
    ['roll-back web', 'wait', 'wait'],
  ],
  [
    'when it is over, nobody does anything',
    (say) => [say.unit('web-1', 'failed')],
    ['idle', 'idle', 'idle'],
  ],
])('%s', (_name, make, expected) => {
  expect(turns(make)).toEqual(expected);
});

test('an environment with a gap starts nothing', async () => {
  const lost = await loggedJob(2, jobOf('comment:1:2:0', job.digest));
  const after = await loggedJob(3, jobOf('comment:1:3:0', lost.digest));
  const records = [recorder(job).bound(), recorder(after).bound()];
  const view = foldEnvironment('production', { jobs: [job, after], records });
  expect(whoseTurn(view, 'web-1')).toMatchObject({ kind: 'wait', reason: 'ledger_gap' });
});
