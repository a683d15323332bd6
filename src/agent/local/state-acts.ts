import type { EnvironmentView } from '../../deploy/fold-environment.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { Operation, Sha } from '../../model/job.ts';
import type { ActAnswer, ActRequest } from './act-request.ts';
import type { ActsWorld } from './acts-world.ts';
import { answerOf } from './answer-of.ts';
import { actorOf, causeOf } from './asker.ts';
import { viewOf } from './view-of.ts';

type Asked<Verb extends ActRequest['verb']> = Extract<ActRequest, { verb: Verb }>;

/** Nobody else deploys until somebody unlocks, or for a time; `all`: in every environment of this host. */
export async function lock(request: Asked<'lock'>, world: ActsWorld, signal: AbortSignal) {
  const { environment, reason } = request;
  const ms = request.for;
  const until = ms === null ? '' : new Date(world.clock.now() + ms).toISOString();
  const { names, number } = await issueEach(request, 'lock', { reason, until }, world, signal);
  const [be, end] = [names.length === 1 ? 'is' : 'are', until === '' ? '' : ` until ${until}`];
  const message = `${names.join(', ')} ${be} locked${end}.`;
  return said(request, number, message, `sallyport unlock ${environment}`);
}

export async function unlock(request: Asked<'unlock'>, world: ActsWorld, signal: AbortSignal) {
  const { reason } = request;
  const { names, number } = await issueEach(request, 'unlock', { reason }, world, signal);
  return said(
    request,
    number,
    `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} unlocked.`,
  );
}

/** One job for the environment, or for each of this host where `all` is none of them. */
async function issueEach(
  request: Asked<'lock' | 'unlock'>,
  operation: Operation,
  params: Readonly<Record<string, string>>,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<{ readonly names: readonly string[]; readonly number: number }> {
  const { environment, request: id } = request;
  const isAll = environment === 'all' && !world.environments.includes(environment);
  const names = isAll ? world.environments : [environment];
  let number = 0;
  for (const name of names) {
    const each = isAll ? { ...request, environment: name, request: `${id}-${name}` } : request;
    number = await issueState(each, operation, params, world, signal);
  }
  return { names, number };
}

/** Nothing goes out and nothing is mended by itself for a time that ends by itself. */
export async function pause(request: Asked<'pause'>, world: ActsWorld, signal: AbortSignal) {
  const { environment, reason } = request;
  const until = new Date(world.clock.now() + request.for).toISOString();
  const number = await issueState(request, 'pause', { reason, until }, world, signal);
  const message = `${environment} changes nothing by itself until ${until}.`;
  return said(request, number, message, `sallyport resume ${environment}`);
}

export async function resume(request: Asked<'resume'>, world: ActsWorld, signal: AbortSignal) {
  const number = await issueState(request, 'resume', { reason: request.reason }, world, signal);
  return said(request, number, `${request.environment} goes on by itself.`);
}

/** Lets a commit that failed here be tried again. */
export async function releaseQuarantine(
  request: Asked<'release-quarantine'>,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<ActAnswer> {
  const { environment, commit } = request;
  const { facts } = await viewOf(environment, world, signal);
  const found = facts.quarantined.filter(({ sha }) => sha.startsWith(commit));
  if (found.length !== 1) throw notQuarantined(environment, commit, facts.quarantined);
  const { sha } = found[0]!;
  const number = await issueState(request, 'release-quarantine', {}, world, signal, sha);
  const next = `sallyport deploy ${environment} --ref ${sha.slice(0, 12)}`;
  return said(request, number, `${sha.slice(0, 7)} may come to ${environment} again.`, next);
}

async function issueState(
  request: Extract<ActRequest, { environment: string }>,
  operation: Operation,
  params: Readonly<Record<string, string>>,
  world: ActsWorld,
  signal: AbortSignal,
  commit?: Sha,
): Promise<number> {
  const { environment, caller } = request;
  const sha = commit ?? (await anyCommit(environment, world, signal));
  const given = Object.entries(params).filter(([, value]) => value !== '');
  const { deployment } = await world.issue(
    {
      operation,
      environment,
      sha,
      ref: await world.branch(signal),
      auto: false,
      actor: actorOf(caller),
      cause: causeOf(request, world.host),
      params: Object.fromEntries(given),
    },
    signal,
  );
  return deployment;
}

/** Such a job changes no target, but every job names a commit: what people want to run, or where the branch stands. */
async function anyCommit(environment: string, world: ActsWorld, signal: AbortSignal): Promise<Sha> {
  const { desired } = await viewOf(environment, world, signal);
  if (desired) return desired.job.sha;
  const refs = await (await world.git()).refs();
  const branch = await world.branch(signal);
  const head = refs.find(({ name }) => name === `refs/heads/${branch}`);
  return head?.sha ?? '0'.repeat(40);
}

function said(
  { verb, environment }: Extract<ActRequest, { environment: string }>,
  deployment: number,
  message: string,
  next: string | null = null,
): ActAnswer {
  return answerOf({ verb, environment, deployment, message, next });
}

function notQuarantined(
  environment: string,
  commit: string,
  quarantined: EnvironmentView['facts']['quarantined'],
): SallyportError {
  const known = quarantined.map(({ sha }) => sha.slice(0, 7)).join(', ');
  return new SallyportError({
    code: 'not_quarantined',
    message: `No one commit ${commit} is quarantined in ${environment}; there is: ${known || 'none'}.`,
    hint: `sallyport history ${environment}`,
    exit: exitCodes.notFound,
  });
}
