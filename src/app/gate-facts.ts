import { approvalsOf } from '../deploy/approvals.ts';
import { hasProved } from '../deploy/find-completed.ts';
import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { Reading } from '../deploy/reader.ts';
import { goesBack, type Sha } from '../model/job.ts';
import type { Approval, EnvironmentFacts, GateFacts, Request } from '../policy/facts.ts';
import { judgeEarly, judgeGates } from '../policy/judge-gates.ts';
import type { GateDecision } from '../policy/gate.ts';
import type { Policy } from './configuration.ts';

/** What keeps the request out now, as far as the ledger tells. The agent judges it again. */
export function judgeRequest(
  environment: string,
  request: Request,
  policy: Policy,
  reading: Reading,
): readonly GateDecision[] {
  const facts = factsFor(environment, request, policy, reading);
  return facts ? judgeEarly(facts) : [];
}

/** What keeps a deployment waiting now; empty where nothing does, or its environment has left the policy. */
export function judgeWaiting(
  view: DeploymentView,
  policy: Policy,
  reading: Reading,
): readonly GateDecision[] {
  const { operation, sha, flags, authors, actor, environment } = view.job;
  const request: Request = {
    operation,
    sha,
    auto: flags['auto'] === true,
    isRollback: goesBack(view.job),
    isStaged: operation === 'switch' && !goesBack(view.job),
    flags,
    authors,
    actor: actor.login,
    person: actor.id,
  };
  const facts = factsFor(environment, request, policy, reading);
  if (!facts) return [];
  const { approvals, voidCount } = approvalsOf(view);
  const known = { ...facts, approvals, voidApprovals: voidCount };
  return judgeGates(known).filter(({ open }) => !open);
}

/** Every gate for a workflow's own deployment: a person's, of whose plan nothing is known. */
export function judgeRun(
  environment: string,
  { sha, actor }: { readonly sha: Sha; readonly actor: string },
  approvals: readonly Approval[],
  policy: Policy,
  reading: Reading,
): readonly GateDecision[] {
  const asked = { operation: 'deploy', auto: false, isRollback: false, flags: {} } as const;
  const request = { ...asked, sha, authors: [actor], actor };
  const facts = factsFor(environment, request, policy, reading);
  return facts ? judgeGates({ ...facts, approvals }) : [];
}

function factsFor(
  name: string,
  request: Request,
  { config }: Policy,
  { environments, now }: Reading,
): GateFacts | null {
  const policy = config.environments[name];
  if (!policy) return null;
  const { from } = policy.require;
  return {
    at: now,
    policy,
    environment: environments.get(name)?.facts ?? nothingHolds(name),
    request,
    plan: null,
    approvals: [],
    voidApprovals: 0,
    completedBefore: from === undefined ? null : hasCompletedIn(from, request.sha, environments),
    external: {},
    host: null,
  };
}

function hasCompletedIn(name: string, sha: Sha, environments: Reading['environments']): boolean {
  const view = environments.get(name);
  return view !== undefined && hasProved(view, sha);
}

function nothingHolds(name: string): EnvironmentFacts {
  return { name, lock: null, pause: null, heldByPull: null, held: [], quarantined: [] };
}
