import type { LoggedJob, LoggedRecord } from '../../src/deploy/admit.ts';
import { foldEnvironment, type EnvironmentView } from '../../src/deploy/fold-environment.ts';
import type { JobDraft } from '../../src/deploy/issue.ts';
import type { Operation } from '../../src/model/job.ts';
import type { Reason } from '../../src/model/reason.ts';
import { jobOf, loggedJob, recorder } from '../support/jobs.ts';

/** How a unit of a job ended: `staged` and `same` are done, `open` was not begun. */
export type End = 'done' | 'staged' | 'same' | 'rolled-back' | 'refused' | 'open' | 'applying';

/** One job: what it was, of which commit (a letter), and how each of its targets ended. */
export interface Past {
  readonly operation?: Operation;
  readonly sha: string;
  readonly ends: Readonly<Record<string, End>>;
  readonly flags?: JobDraft['flags'];
}

const kinds: Readonly<Record<string, string>> = { web: 'service', api: 'service', map: 'files' };

/** Production as it is after these jobs, numbered from 1. */
export async function after(pasts: readonly Past[]): Promise<EnvironmentView> {
  const jobs: LoggedJob[] = [];
  const records: LoggedRecord[] = [];
  for (const [place, { operation = 'deploy', sha, ends, flags = {} }] of pasts.entries()) {
    const names = Object.keys(ends);
    const targets = names.map((name) => ({
      name,
      kind: kinds[name] ?? 'service',
      wave: 0,
      hosts: ['web-1'],
    }));
    const draft = { operation, sha: sha.repeat(40), targets, flags, ref: `on-${sha}` };
    const prev = jobs.at(-1)?.digest ?? null;
    const job = await loggedJob(place + 1, jobOf(`comment:1:${place}:0`, prev, draft));
    const say = recorder(job);
    jobs.push(job);
    records.push(say.bound());
    for (const [target, name] of names.entries()) {
      for (const [state, reason] of recordsOf(ends[name]!)) {
        records.push(say.unit('web-1', state, { target, reason }));
      }
    }
  }
  return foldEnvironment('production', { jobs, records });
}

function recordsOf(
  end: End,
): readonly (readonly [Parameters<ReturnType<typeof recorder>['unit']>[1], Reason])[] {
  switch (end) {
    case 'open':
      return [];
    case 'applying':
      return [['applying', 'none']];
    case 'done':
      return [
        ['applying', 'none'],
        ['done', 'none'],
      ];
    case 'staged':
      return [
        ['applying', 'none'],
        ['done', 'staged'],
      ];
    case 'same':
      return [['done', 'nothing_to_change']];
    case 'rolled-back':
      return [
        ['applying', 'none'],
        ['rolled-back', 'unhealthy'],
      ];
    case 'refused':
      return [['failed', 'superseded']];
  }
}
