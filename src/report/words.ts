import type { DeploymentState } from '../model/deployment.ts';
import { changesTargets, type Operation } from '../model/job.ts';
import type { Reason } from '../model/reason.ts';
import type { ReportedDeployment } from './views.ts';

/** A mark for people who skim. */
export const marks: Readonly<Record<DeploymentState, string>> = {
  pending: '🕒',
  validating: '🔎',
  planning: '🔎',
  'awaiting-approval': '✋',
  'backing-up': '🚚',
  applying: '🚚',
  'post-validating': '🩺',
  completed: '✅',
  'rolling-back': '↩️',
  'rolled-back': '↩️',
  failed: '❌',
  rejected: '🚫',
  cancelled: '🚫',
  superseded: '⏭️',
  skipped: '⏭️',
};

/** `switch production web`: the target is named where a single one is staged. */
export function switchWords(environment: string, targets: readonly string[]): string {
  const [target, ...others] = targets;
  return others.length === 0 && target !== undefined
    ? `switch ${environment} ${target}`
    : `switch ${environment}`;
}

interface NextFacts {
  /** The digits to approve it by. */
  readonly plan?: string | null;
  /** What of it waits in idle slots. */
  readonly staged?: readonly string[];
}

/** What people may type next, given where a deployment stands. */
export function nextWords(
  { state, job }: ReportedDeployment,
  { plan = null, staged = [] }: NextFacts = {},
): readonly string[] {
  const { environment, operation } = job;
  const status = `/status ${environment}`;
  if (operation === 'lock') return [`/unlock ${environment}`, status];
  if (operation === 'pause') return [`/resume ${environment}`, status];
  if (operation === 'plan' && state === 'completed') return [`/deploy ${environment}`, status];
  if (!changesTargets(operation)) return [status];
  if (state === 'awaiting-approval') {
    const digits = plan === null ? '' : ` ${plan}`;
    return [`/approve ${environment}${digits}`, `/reject ${environment}`];
  }
  if (staged.length > 0) return [`/${switchWords(environment, staged)}`, status];
  if (state === 'completed') return [`/rollback ${environment}`, status];
  if (state === 'failed') return [`/rollback ${environment}`, `/deploy ${environment}`];
  if (state === 'rolled-back') return [status, `/deploy ${environment}`];
  return [status];
}

const operations: Readonly<Record<Operation, string>> = {
  deploy: 'deploy to',
  rollback: 'rollback to',
  switch: 'switch in',
  plan: 'plan for',
  lock: 'lock of',
  unlock: 'unlock of',
  pause: 'pause of',
  resume: 'resume of',
  'release-quarantine': 'release of a commit for',
};

/** `deploy to`, before the name of an environment. */
export function operationInWords(operation: Operation): string {
  return operations[operation];
}

/** `build_failed` as `build failed`; nothing for `none`. */
export function reasonInWords(reason: Reason): string {
  return reason === 'none' ? '' : reason.replaceAll('_', ' ');
}

/** `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationInWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}
