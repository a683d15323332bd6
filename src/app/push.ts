import { issueJob } from '../deploy/issue.ts';
import { SallyportError } from '../model/errors.ts';
import type { Sha } from '../model/job.ts';
import { judgeForward } from '../policy/forward.ts';
import { firstClosed, type GateDecision } from '../policy/gate.ts';
import { admittedRefs, judgePushedRef } from '../policy/refs.ts';
import { pushedRef, triggers, type PushedRef } from '../policy/trigger.ts';
import { readDeclared, readPolicy, resolveFor, triggerOf, type Policy } from './configuration.ts';
import type { PushEvent } from './events.ts';
import type { AppWorld } from './world.ts';

/** A push: a job for each environment whose `trigger` it matches, where `sync` is `auto`. */
export async function handlePush(event: PushEvent, open: () => Promise<AppWorld>): Promise<void> {
  const ref = pushedRef(event.ref);
  if (!ref || !event.sha) return;
  const world = await open();
  const policy = await policyOrNull(world);
  if (!policy) return;
  for (const environment of triggered(ref, policy, world)) {
    await deployPushed({ event, ref, sha: event.sha, environment, policy }, world).catch(
      (error: unknown) => onlyLog(error, world),
    );
  }
}

/** Nobody typed a push's command, so what its author must mend stands in the log. */
function onlyLog(error: unknown, { repository, log }: AppWorld): void {
  if (!(error instanceof SallyportError) || error.next !== 'user') throw error;
  const { message, hint } = error;
  log.warn('a push cannot be deployed', { repository: repository.url, error: message, hint });
}

interface Pushed {
  readonly event: PushEvent;
  readonly ref: PushedRef;
  readonly sha: Sha;
  readonly environment: string;
  readonly policy: Policy;
}

async function deployPushed(pushed: Pushed, world: AppWorld): Promise<void> {
  const { event, ref, sha, environment, policy } = pushed;
  const { repository, github, log } = world;
  const [gates, declared] = await Promise.all([judge(pushed, world), readDeclared(github, sha)]);
  const closed = firstClosed(gates);
  if (closed) {
    log.info('a push was not deployed', {
      environment,
      sha,
      gate: closed.name,
      why: closed.message,
    });
    return;
  }
  await issueJob(
    {
      operation: 'deploy',
      cause: `push:${event.ref}:${sha}:${environment}`,
      repository: repository.id,
      environment,
      sha,
      ref: ref.name,
      policy: policy.sha,
      ...resolveFor(policy, declared, environment),
      flags: {},
      params: {},
      actor: event.sender,
      authors: [event.sender.login],
      gates: gates.map(({ name, open, reason }) => ({ name, open, reason })),
      reply: null,
    },
    world,
  );
}

async function judge(
  { ref, sha, environment, policy }: Pushed,
  { github, reader, repository }: AppWorld,
): Promise<readonly GateDecision[]> {
  const refs = policy.config.environments[environment]?.require.refs;
  const admitted = admittedRefs(refs, repository.defaultBranch);
  const { environments } = await reader.refresh();
  const newest = environments.get(environment)?.deployments.at(-1);
  const relation = newest ? await github.relation(newest.job.sha, sha) : null;
  return [
    judgePushedRef({ environment, sha, admitted }, ref),
    judgeForward(environment, sha, relation),
  ];
}

function triggered(ref: PushedRef, { config }: Policy, { repository, log }: AppWorld): string[] {
  return Object.entries(config.environments)
    .filter(([, environment]) => triggers(triggerOf(environment, repository.defaultBranch), ref))
    .filter(([name, { sync }]) => {
      if (sync === 'manual') log.info('a push waits for a person', { environment: name });
      return sync === 'auto';
    })
    .map(([name]) => name);
}

/** A repository without a valid policy is none of ours. */
async function policyOrNull(world: AppWorld): Promise<Policy | null> {
  try {
    return await readPolicy(world.github, world.repository.defaultBranch);
  } catch (error) {
    const isMissing = error instanceof SallyportError && error.code === 'policy_missing';
    if (!isMissing) onlyLog(error, world);
    return null;
  }
}
