import { issueJob } from '../deploy/issue.ts';
import { SallyportError } from '../model/errors.ts';
import type { Sha } from '../model/job.ts';
import { judgeForward } from '../policy/forward.ts';
import { firstClosed } from '../policy/gate.ts';
import { admittedRefs, judgePushedRef } from '../policy/refs.ts';
import { pushedRef, triggers, type PushedRef, type Trigger } from '../policy/trigger.ts';
import { begun } from './begun.ts';
import { readDeclared, readPolicy, resolveFor, triggerOf, type Policy } from './configuration.ts';
import type { ChecksEvent } from './events/checks.ts';
import type { PushEvent } from './events/push.ts';
import { applyGithubRules, readGithubRules, type GithubAnswer } from './github-rules.ts';
import { judgeChecksOf } from './judge-checks.ts';
import type { Person } from './ports.ts';
import { rulesOf } from './refuse.ts';
import { supersede } from './supersede.ts';
import type { AppWorld } from './world.ts';

/** A push: a job for each environment whose `trigger` it matches, where `sync` is `auto`. */
export async function handlePush(event: PushEvent, open: () => Promise<AppWorld>): Promise<void> {
  const ref = pushedRef(event.ref);
  if (!ref || !event.sha) return;
  const world = await open();
  const policy = await policyOrNull(world);
  if (!policy) return;
  const { sha, sender, writers = [] } = event;
  const environments = triggered((trigger) => triggers(trigger, ref), policy, world);
  // Whoever merges is seldom the only one who wrote it.
  const authors = [...new Set([sender.login, ...writers])].slice(0, 100);
  await deployTo(environments, { ref, sha, sender, authors, policy }, world);
}

/**
 * Checks of a commit ended: environments that were waiting for them take the branches that still
 * stand there. The job is the one of the push, so that it is made once.
 */
export async function handleChecks(
  event: ChecksEvent,
  open: () => Promise<AppWorld>,
): Promise<void> {
  if (event.branches.length === 0) return;
  const world = await open();
  const policy = await policyOrNull(world);
  if (!policy) return;
  const { sha, sender } = event;
  for (const name of event.branches) {
    const ref = { kind: 'branch', name } as const;
    const waiting = triggered((trigger) => triggers(trigger, ref), policy, world).filter(
      (environment) => policy.config.environments[environment]?.require.checks !== 'none',
    );
    if (waiting.length === 0) continue;
    const head = await world.github.ref('branch', name);
    if (head?.sha !== sha) continue;
    const pushers = (await world.github.pushes(name)).flatMap(({ login }) => login ?? []);
    const authors = [...new Set([sender.login, ...pushers])].slice(0, 100);
    await deployTo(waiting, { ref, sha, sender, authors, policy }, world);
  }
}

/** A job for each of the environments, where its gates let it through; why not, stands in the log. */
export async function deployTo(
  environments: readonly string[],
  pushed: Omit<Pushed, 'environment'>,
  world: AppWorld,
): Promise<void> {
  for (const environment of environments) {
    await deployPushed({ ...pushed, environment }, world).catch((error: unknown) =>
      onlyLog(error, world),
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
  readonly ref: PushedRef;
  readonly sha: Sha;
  readonly sender: Person;
  readonly authors: readonly string[];
  readonly environment: string;
  readonly policy: Policy;
}

async function deployPushed(pushed: Pushed, world: AppWorld): Promise<void> {
  const { ref, sha, sender, authors, environment, policy } = pushed;
  const { repository, github, log } = world;
  const [{ gates, flags }, declared] = await Promise.all([
    judge(pushed, world),
    readDeclared(github, sha),
  ]);
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
  const { deployment } = await issueJob(
    {
      operation: 'deploy',
      cause: `push:${fullName(ref)}:${sha}:${environment}`,
      repository: repository.id,
      environment,
      sha,
      ref: ref.name,
      policy: policy.sha,
      ...resolveFor(policy, declared, environment),
      flags: { ...flags, auto: true },
      actor: sender,
      authors: [...authors],
      gates: gates.map(({ name, open, reason }) => ({ name, open, reason })),
      reply: null,
    },
    world,
  );
  await supersede(deployment, world);
}

function fullName({ kind, name }: PushedRef): string {
  return `refs/${kind === 'branch' ? 'heads' : 'tags'}/${name}`;
}

async function judge(
  { ref, sha, environment, policy }: Pushed,
  world: AppWorld,
): Promise<GithubAnswer> {
  const { github, reader, repository } = world;
  const rules = rulesOf(environment, policy, 'deploy');
  const admitted = admittedRefs(rules.require.refs, repository.defaultBranch);
  const found = begun(readGithubRules(environment, rules, github));
  const { environments, now } = await reader.refresh();
  const newest = environments.get(environment)?.desired;
  const relation = newest ? await github.relation(newest.job.sha, sha) : null;
  const at = { environment, rules, now, found };
  const byGithub = await applyGithubRules(at, { sha, place: ref }, world);
  const gates = [
    judgePushedRef({ environment, sha, admitted }, ref),
    judgeForward(environment, sha, relation),
    ...byGithub.gates,
    await judgeChecksOf(sha, rules, world),
  ];
  return { gates, flags: byGithub.flags };
}

/** The environments whose `trigger` fits, and which take what comes by itself. */
export function triggered(
  fits: (trigger: Trigger) => boolean,
  { config }: Policy,
  { repository, log }: AppWorld,
): string[] {
  return Object.entries(config.environments)
    .filter(([, environment]) => fits(triggerOf(environment, repository.defaultBranch)))
    .filter(([name, { sync }]) => {
      if (sync === 'manual') log.info('a push waits for a person', { environment: name });
      return sync === 'auto';
    })
    .map(([name]) => name);
}

/** A repository without a valid policy is none of ours. */
export async function policyOrNull(world: AppWorld): Promise<Policy | null> {
  try {
    return await readPolicy(world.github, world.repository.defaultBranch);
  } catch (error) {
    const isMissing = error instanceof SallyportError && error.code === 'policy_missing';
    if (!isMissing) onlyLog(error, world);
    return null;
  }
}
