import type { LoggedJob, LoggedRecord } from './admit.ts';
import { foldDeployment, type UnitView } from './fold-deployment.ts';
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
  | 'unseen';

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
  if (isTroubled(before)) return before.stopping === null ? 'too-late' : 'cancelled';
  // A host that was left out counts as down anyway.
  if (!isCounted(unit, before.skipped)) return 'in-turn';
  const isOpen = frontOf(before)?.units.some(
    ({ host, targetIndex }) => host === unit.host && targetIndex === unit.targetIndex,
  );
  return isOpen ? 'in-turn' : 'too-late';
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
