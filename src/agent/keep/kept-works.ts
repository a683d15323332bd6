import type { Work } from '../../deploy/journal-entries.ts';
import type { Position } from '../../deploy/resume.ts';
import { unitKey } from '../../model/unit.ts';
import { keyOf } from '../unit-lock.ts';

/** What this host did, by its own journal. */
export interface KnownWorks {
  /** What stands of it. */
  lastDone(environment: string): readonly Work[];
  /** What it did last, however that ended. */
  latest(environment: string): readonly Work[];
}

/** What this host is at work on. */
export interface OpenWork {
  readonly open: { readonly work: Work; readonly position: Position } | null;
}

/**
 * The works whose services are looked after. After a deployment that failed for good nothing stands
 * any more, but people are still served by what has the traffic: then the last work leads to it.
 */
export function keptWorks(
  environment: string,
  host: string,
  notebook: KnownWorks,
): readonly Work[] {
  const works = new Map<string, Work>();
  for (const work of [...notebook.latest(environment), ...notebook.lastDone(environment)]) {
    const isOurs = work.host === host && work.config.kind === 'service';
    if (isOurs) works.set(unitKey(work), work);
  }
  return [...works.values()];
}

/** Whether it is being undone: nothing of it is to be as it was deployed. */
export function isUndone(work: Work, { open }: OpenWork): boolean {
  if (open === null || open.position.direction !== 'back') return false;
  return open.work.deployment === work.deployment && keyOf(open.work) === keyOf(work);
}
