import type { UnitView } from '../deploy/fold-deployment.ts';
import type { Reason } from '../model/reason.ts';
import type { UnitState } from '../model/unit.ts';

const stepsByReason: Partial<Record<Reason, string>> = {
  fetch_failed: 'fetch',
  layout_failed: 'layout',
  build_failed: 'build',
  test_failed: 'test',
  start_failed: 'start',
  unhealthy: 'probe',
  wrong_version: 'probe',
  smoke_failed: 'smoke',
  plan_failed: 'plan',
  backup_failed: 'backup',
  no_backup: 'rollback',
  switch_failed: 'switch',
  verify_failed: 'verify',
  rollback_failed: 'rollback',
  apply_failed: 'apply',
  reload_failed: 'reload',
};

/** What a unit was doing where its reason names no step, such as a full disk. */
const stepsByState: Partial<Record<UnitState, string>> = {
  planning: 'plan',
  'backing-up': 'backup',
  applying: 'apply',
  verifying: 'verify',
  'rolling-back': 'rollback',
};

/** Where a deployment failed, as far as its records tell; `null` where it ended before any step. */
export function failedStep(reason: Reason, units: readonly UnitView[]): string | null {
  const unit = units.find((one) => one.reason === reason && isTrouble(one));
  const before = unit?.path.findLast((state) => stepsByState[state] !== undefined);
  return stepsByReason[reason] ?? (before ? stepsByState[before]! : null);
}

function isTrouble({ state }: UnitView): boolean {
  return state === 'failed' || state === 'rolled-back';
}
