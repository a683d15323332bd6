import type { LoggedJob, LoggedRecord } from './admit.ts';
import { foldDeployment, type DeploymentView, type UnitView } from './fold-deployment.ts';
import { isChanging, isTrouble } from './reduce-units.ts';
import { frontOf, isCounted } from './rollout.ts';
import { isTroubled } from './whose-turn.ts';

/** What the ledger makes of a host's word that it begins. */
export type Start =
  | 'in-turn'
  /** Something had failed before it. */
  | 'too-late'
  /** Somebody had ended it, or another deployment took its place. */
  | 'cancelled'
  /** The ledger does not show the word yet. */
  | 'unseen'
  /** Somebody cancelled it, and it may come too late for the others: to be asked again. */
  | 'undecided';

/**
 * Whether a host that said that it begins may do so, by what stands in the ledger before its word:
 * what it knew when it decided may have been older. Only so nothing begins once others go back.
 */
export function judgeStart(
  job: LoggedJob,
  records: readonly LoggedRecord[],
  unit: Pick<UnitView, 'targetIndex' | 'host'>,
): Start {
  const own = records.filter(({ deployment }) => deployment === job.deployment);
  const word = own.findIndex((entry) => saysBegun(entry, unit));
  if (word < 0) return 'unseen';
  const before = foldDeployment(job, own.slice(0, word));
  // A cancel that came too late for the others holds for nobody: hosts that were left out catch up.
  if (before.over) return before.state === 'completed' ? 'in-turn' : 'cancelled';
  if (isTroubled(before)) {
    if (before.stopping === null) return 'too-late';
    const isLate = !isCounted(unit, before.skipped);
    return isLate ? startOfLate(foldDeployment(job, own)) : 'cancelled';
  }
  // A host that was left out counts as down anyway.
  if (!isCounted(unit, before.skipped)) return 'in-turn';
  const isOpen = frontOf(before)?.units.some(
    ({ host, targetIndex }) => host === unit.host && targetIndex === unit.targetIndex,
  );
  return isOpen ? 'in-turn' : 'too-late';
}

/** A host that was left out goes where the others go: only they say what a cancel comes to. */
function startOfLate({ state, units, skipped }: DeploymentView): Start {
  if (state === 'completed') return 'in-turn';
  const others = units.filter((unit) => isCounted(unit, skipped));
  const isOpen = others.some(isChanging) && !others.some((unit) => isTrouble(unit.state));
  return isOpen ? 'undecided' : 'cancelled';
}

function saysBegun(
  { record, signer }: LoggedRecord,
  { host, targetIndex }: Pick<UnitView, 'targetIndex' | 'host'>,
): boolean {
  return (
    record.kind === 'unit' &&
    record.target === targetIndex &&
    record.state === 'applying' &&
    signer.kind === 'host' &&
    signer.host === host
  );
}
