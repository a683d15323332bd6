import { resolveTargets, type Resolution } from '../../config/permit.ts';
import type { RepositoryConfig } from '../../config/repository.ts';
import { supersedeOlder } from '../../deploy/act.ts';
import { issueJob, type Issued, type JobDraft } from '../../deploy/issue.ts';
import type { LedgerReader } from '../../deploy/reader.ts';
import { changesTargets, isStateOperation, type Operation, type Sha } from '../../model/job.ts';
import type { SigningKey } from '../../model/keys.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Git } from '../../ports/git.ts';
import type { Ledger } from '../../ports/ledger.ts';
import { resolveParams } from '../../policy/resolve-params.ts';
import type { PolicyNow } from '../policy-now.ts';
import { configPath, readConfig } from '../read-config.ts';
import { authorsOf } from './authors-of.ts';
import { InTurn } from '../../model/in-turn.ts';
import {
  checksUnknown,
  configInvalid,
  configMissing,
  invalidParameter,
  noTargetHere,
  notPermitted,
  nothingToStage,
  otherKey,
  unknownEnvironment,
} from './issue-errors.ts';

/** What is asked for: by a person on this host, or by what was pushed. */
export interface IssueAsk {
  readonly operation: Operation;
  readonly environment: string;
  readonly sha: Sha;
  /** For display. */
  readonly ref: string;
  /** It came by itself. */
  readonly auto: boolean;
  readonly actor: { readonly id: number; readonly login: string };
  /** The same cause is one job, however often it is asked for. */
  readonly cause: string;
  readonly flags?: Readonly<Record<string, string | boolean>>;
  readonly params?: Readonly<Record<string, string>>;
  /** The targets that it is for; absent: all that this host runs. */
  readonly only?: readonly string[];
  /** Parameters for programs that the person typed, by name. */
  readonly typed?: Readonly<Record<string, string>>;
  /** Those of the job that is gone back to, or that was approved. */
  readonly carried?: Readonly<Record<string, string>>;
  /** What GitHub found out about the same commit, and its App signed. */
  readonly judged?: Partial<Pick<JobDraft, 'authors' | 'gates'>>;
}

/**
 * Makes a job for this host alone, signed with its own key, and gives up what it makes old. Rejects
 * with a SallyportError where the policy or the commit does not permit it, and as the ledger and Git do.
 */
export type IssueHere = (ask: IssueAsk, signal?: AbortSignal) => Promise<Issued>;

export interface IssueHereWorld {
  readonly host: string;
  readonly environments: readonly string[];
  readonly key: SigningKey;
  readonly ledger: Ledger;
  readonly reader: () => Promise<LedgerReader>;
  readonly clock: Clock;
  readonly git: () => Promise<Git>;
  readonly policyNow: PolicyNow;
  /** What runs in an environment, where this ledger does not know it alone. */
  readonly lastGood?: (environment: string) => Sha | null;
}

/** One after the other: jobs are a chain, and this host is the only one that adds to it. */
export function createIssueHere(world: IssueHereWorld): IssueHere {
  const order = new InTurn();
  return (ask, signal) => order.run(() => issueHere(ask, world, signal));
}

async function issueHere(
  ask: IssueAsk,
  world: IssueHereWorld,
  signal = new AbortController().signal,
): Promise<Issued> {
  const { environment, operation } = ask;
  if (!world.environments.includes(environment)) {
    throw unknownEnvironment(environment, world.environments);
  }
  const reader = await world.reader();
  const draft = await draftOf(ask, world, reader, signal);
  const issued = await issueJob(draft, { ...world, reader }, signal);
  if (changesTargets(operation) && !issued.duplicate) {
    const view = (await reader.refresh(signal)).environments.get(environment);
    const newest = view?.deployments.find(({ deployment }) => deployment === issued.deployment);
    if (view && newest) {
      await supersedeOlder(
        view,
        newest,
        { ...world, reader, now: () => world.clock.now() },
        signal,
      );
    }
  }
  return issued;
}

async function draftOf(
  ask: IssueAsk,
  world: IssueHereWorld,
  reader: LedgerReader,
  signal: AbortSignal,
): Promise<JobDraft> {
  const { environment, operation, sha, ref, cause, actor } = ask;
  const { host, key } = world;
  const common = {
    operation,
    cause,
    repository: 0,
    environment,
    sha,
    ref: ref.slice(0, 255),
    roster: [{ name: host, key: key.public.text }],
    flags: { ...ask.flags, ...(ask.auto ? { auto: true } : {}) },
    params: { ...ask.params },
    actor: { id: actor.id, login: actor.login.slice(0, 100) },
    gates: ask.judged?.gates ?? [],
    reply: null,
  };
  // What holds here must be sayable while the policy cannot be read: to stop everything, most of all.
  if (isStateOperation(operation)) {
    const policy = await world.policyNow(environment, signal).catch(() => null);
    signal.throwIfAborted();
    const authors = [common.actor.login];
    return { ...common, policy: policy?.sha ?? sha, targets: [], on_failure: 'stop', authors };
  }
  const git = await world.git();
  const policy = await world.policyNow(environment, signal);
  const needsChecks = operation === 'deploy' && policy.environment.require.checks !== 'none';
  if (needsChecks && !common.gates.some(({ name, open }) => name === 'checks' && open)) {
    throw checksUnknown(environment);
  }
  const commit = await configAt(git, sha);
  const resolved = targetsHere(environment, policy.config, commit, world).filter(
    ({ name }) => ask.only?.includes(name) ?? true,
  );
  if (resolved.length === 0) throw noTargetHere(environment, host);
  if (ask.flags?.['stage'] === true) requireService(resolved, environment);
  const given = resolveParams({ typed: ask.typed ?? {}, carried: ask.carried ?? {} }, resolved);
  if (!given.ok) throw invalidParameter(given);
  const targets = resolved.map(({ name, kind, wave }) => ({ name, kind, wave, hosts: [host] }));
  const view = (await reader.refresh(signal)).environments.get(environment);
  const lastGood = world.lastGood?.(environment) ?? view?.lastGood?.job.sha ?? null;
  const since = operation === 'rollback' ? sha : lastGood;
  return {
    ...common,
    policy: policy.sha,
    params: { ...common.params, ...given.params },
    targets,
    on_failure: policy.environment.on_failure,
    authors: ask.judged?.authors ?? (await authorsOf(git, since, sha, common.actor.login)),
  };
}

/** The targets of a commit that this host runs; at least one. */
function targetsHere(
  environment: string,
  policy: RepositoryConfig,
  commit: RepositoryConfig,
  { host, key }: IssueHereWorld,
): Extract<Resolution, { ok: true }>['targets'] {
  const resolution = resolveTargets({ policy, commit, environment });
  if (!resolution.ok) throw notPermitted(resolution.problems);
  const enrolled = resolution.roster.find(({ name }) => name === host);
  if (!enrolled) throw noTargetHere(environment, host);
  if (enrolled.key !== key.public.text) throw otherKey(host, key.public.text);
  const own = resolution.targets.filter(({ hosts }) => hosts.includes(host));
  if (own.length === 0) throw noTargetHere(environment, host);
  return own;
}

function requireService(targets: readonly { readonly kind: string }[], environment: string): void {
  if (!targets.some(({ kind }) => kind === 'service')) throw nothingToStage(environment);
}

async function configAt(git: Git, sha: Sha): Promise<RepositoryConfig> {
  const read = await readConfig(git, sha);
  if (read.ok) return read.config;
  throw read.isMissing ? configMissing(configPath, sha) : configInvalid(sha, read.problem);
}
