import { judgeStart } from '../deploy/judge-start.ts';
import type { Work } from '../deploy/journal-entries.ts';
import { SallyportError } from '../model/errors.ts';
import { unitKey } from '../model/unit.ts';
import type { Clock } from '../ports/clock.ts';
import { describeStart } from './describe.ts';
import type { LedgerSource } from './ledger-source.ts';
import type { Notebook } from './notebook.ts';
import type { Report } from './report.ts';

export interface AnnounceWorld {
  readonly report: Pick<Report, 'say' | 'taken'>;
  readonly source: Pick<LedgerSource, 'refresh'>;
  readonly notebook: Pick<Notebook, 'write'>;
  readonly clock: Clock;
}

/** How long the ledger may take for it, in ms; meanwhile nothing else can be done on this host. */
const patienceMs = 30_000;

/**
 * Where several hosts follow each other: says that this one begins, and reads in the ledger whether
 * it may, before anything is touched. Gives false where it may not, which is then said too. Rejects
 * where the ledger does not answer in time: then it is worth another try.
 */
export async function announce(
  work: Work,
  { report, source, notebook, clock }: AnnounceWorld,
  signal: AbortSignal,
): Promise<boolean> {
  if (work.job.rollout === undefined || work.host === null) return true;
  await report.say(work, 'applying', 'none', describeStart(work));
  await inTime(report.taken(work.deployment, signal), clock, signal);
  const { log } = await source.refresh(signal);
  const job = log.jobs.find(({ deployment }) => deployment === work.deployment);
  const start = job ? judgeStart(job, log.records, work) : 'unseen';
  if (start === 'in-turn') return true;
  if (start === 'unseen') throw notHeard(work);
  if (start === 'undecided') throw notDecided(work);
  const { deployment, target } = work;
  const [state, reason] =
    start === 'cancelled'
      ? (['failed', 'cancelled'] as const)
      : (['rolled-back', 'later_unit_failed'] as const);
  await report.say(work, state, reason, `${target}: nothing was begun any more`);
  await notebook.write({ kind: 'unit-refused', deployment, unit: unitKey(work), reason });
  return false;
}

async function inTime(taken: Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const late = clock.sleep(patienceMs, AbortSignal.any([signal, enough.signal])).then(() => true);
  late.catch(() => undefined);
  const isLate = await Promise.race([taken.then(() => false), late]).finally(() => enough.abort());
  if (isLate) throw notHeard(null);
}

/** This host was left out, and somebody cancelled: the others complete it, or go back. */
function notDecided(work: Work): SallyportError {
  return new SallyportError({
    code: 'ledger_slow',
    message: `deployment ${work.deployment} is cancelled, and hosts that had begun are not done: ${unitKey(work)} waits for what becomes of it`,
    hint: 'nothing is to be done: it is tried again',
    next: 'retry',
  });
}

function notHeard(work: Work | null): SallyportError {
  const what =
    work === null ? 'the ledger took no record' : `the ledger does not show ${unitKey(work)} yet`;
  return new SallyportError({
    code: 'ledger_slow',
    message: `${what}, so nothing begins`,
    hint: 'nothing is to be done: it is tried again',
    next: 'retry',
  });
}
