import type { EnvironmentView } from '../../deploy/fold-environment.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { Operation, Sha } from '../../model/job.ts';
import type { ActAnswer, ActRequest } from './act-request.ts';
import type { ActsWorld } from './acts-world.ts';
import { answerOf } from './answer-of.ts';
import { actorOf, causeOf } from './asker.ts';
import { viewOf } from './view-of.ts';

type Asked<Verb extends ActRequest['verb']> = Extract<ActRequest, { verb: Verb }>;

/** Nothing is deployed until somebody unlocks. */
export async function lock(request: Asked<'lock'>, world: ActsWorld, signal: AbortSignal) {
  const { environment, reason } = request;
  const number = await issueState(request, 'lock', { reason }, world, signal);
  return said(request, number, `${environment} is locked.`, `sallyport unlock ${environment}`);
}

export async function unlock(request: Asked<'unlock'>, world: ActsWorld, signal: AbortSignal) {
  const number = await issueState(request, 'unlock', { reason: request.reason }, world, signal);
  return said(request, number, `${request.environment} is unlocked.`);
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
