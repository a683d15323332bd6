import type { DeploymentView } from '../../deploy/fold-deployment.ts';
import type { Work } from '../../deploy/journal-entries.ts';
import { shortDigest } from '../../deploy/record-codec.ts';
import type { Operation } from '../../model/job.ts';
import { spokenOn } from '../drift.ts';
import type { LedgerSource } from '../ledger-source.ts';
import { nextNumber } from '../next-number.ts';
import type { Notebook } from '../notebook.ts';
import type { Report } from '../report.ts';
import { hadNoGithub } from './had-no-github.ts';
import type { HandsWord } from './holds.ts';

export interface HandsWorld {
  readonly host: string;
  readonly environments: readonly string[];
  readonly notebook: Notebook;
  /** GitHub's ledger, read just now. */
  readonly source: Pick<LedgerSource, 'last'>;
  readonly local: Pick<LedgerSource, 'last'>;
  readonly report: Pick<Report, 'sayOfHost'>;
}

/**
 * Tells GitHub, on the newest deployment of each environment, what people did on this host: each
 * thing once and in order, since the journal forgets it with the same entry that queues its record.
 */
export async function tellHands(world: HandsWorld): Promise<void> {
  const { host, environments, notebook, source, report } = world;
  for (const name of environments) {
    const view = source.last?.environments.get(name);
    // Only GitHub's own: where it knows no deployment to this host, there is nowhere to say it.
    const on = spokenOn(view, host, []);
    if (!on) continue;
    for (const word of notebook.holds.untold(name)) {
      await report.sayOfHost(on, {
        state: word.state,
        reason: 'operator',
        number: nextNumber(view, notebook, name, host),
        plan: word.state === 'held' ? shortDigest(word.hold.work.digest) : null,
        target: word.state === 'held' ? onlyTarget(word.hold.work) : undefined,
        words: wordsOf(word, world),
      });
    }
  }
}

/** So that GitHub takes no more of what is staged here for gone than may be. */
function onlyTarget({ job }: Work): string | undefined {
  return job.targets.length === 1 ? job.targets[0]!.name : undefined;
}

function wordsOf(word: HandsWord, { local, host }: HandsWorld): string {
  if (word.state === 'released') return `${word.by} released ${host}`;
  const { work, by } = word.hold;
  const { environment, operation, sha, params } = work.job;
  const views = local.last?.environments.get(environment)?.deployments ?? [];
  const view = views.find(({ deployment }) => deployment === work.deployment);
  const done = params['approves'] !== undefined ? 'approved' : (verbs[operation] ?? 'deployed');
  const who = approversOf(view) ?? by;
  const when = hadNoGithub(work.job) ? ' while GitHub could not be reached' : '';
  const why = params['reason'] ? `: ${params['reason']}` : '';
  return `${who} ${done} ${sha.slice(0, 7)}${when}${endOf(view)}${why}`;
}

const verbs: Partial<Record<Operation, string>> = {
  rollback: 'rolled back to',
  switch: 'moved the traffic to',
};

function approversOf(view: DeploymentView | undefined): string | null {
  if (view?.job.params['approves'] === undefined) return null;
  const said = view.acts.filter(({ state }) => state === 'approved');
  const names = said.map(({ words }) => words.split(':')[0]!);
  return names.length === 0 ? null : [...new Set(names)].join(' and ');
}

function endOf(view: DeploymentView | undefined): string {
  if (view?.state === 'completed') return '';
  return view?.over ? ` (${view.state})` : ' (under way)';
}
