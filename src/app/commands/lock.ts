import type { StateCommand } from '../../command/command.ts';
import type { Reading } from '../../deploy/reader.ts';
import { exitCodes } from '../../model/errors.ts';
import { standingInWords, stands } from '../../policy/standing.ts';
import { begun } from '../begun.ts';
import { readPolicy } from '../configuration.ts';
import { environmentsMeant } from '../environments-meant.ts';
import { requireMay, requireMayHere, tellDone, type PersonRequest } from '../person.ts';
import { isRepeated, refusal, sayState, sayStateAmong } from '../state-job.ts';
import { untilOf } from '../state-time.ts';
import type { AppWorld } from '../world.ts';

type Request = PersonRequest<StateCommand>;

/** `/lock <env>|all [reason] [--for 2h] [--until-merge] [--sticky]`; with `--info` it only tells. */
export async function lock(request: Request, world: AppWorld): Promise<void> {
  const { environment, flags } = request.command;
  const begunPolicy = begun(readPolicy(world.github, world.repository.defaultBranch));
  const begunReading = begun(world.reader.refresh());
  await requireMay(request, world);
  const policy = await begunPolicy;
  const names = environmentsMeant(environment, policy, 'lock');
  for (const name of names) await requireMayHere(request, name, policy, world);
  const reading = await begunReading;
  if (flags['info'] === true) {
    const message = names.map((name) => `${lockInWords(name, reading)}.`).join(' ');
    return tellDone(request, { message, next: null }, world);
  }
  const params = paramsOf(request, reading);
  // Nothing would end it any more.
  if (params['pull'] !== undefined && !(await world.github.pull(request.event.issue)).isOpen) {
    const message = 'This pull request is closed already, so no lock can hold until it is merged';
    throw refusal('pull_closed', message, `/lock ${environment}`);
  }
  const free = names.filter(
    (name) => !isLocked(name, reading) || isRepeated(name, reading, request, world),
  );
  const taken = names.filter((name) => !free.includes(name));
  const [only, ...others] = free;
  if (only === undefined) throw alreadyLocked(taken, reading);
  if (names.length === 1 && others.length === 0) {
    return sayState({ environment: only, params, policy, reading }, request, world);
  }
  for (const name of free) {
    await sayStateAmong({ environment: name, params, policy, reading }, request, world);
  }
  const left = taken.map((name) => ` ${lockInWords(name, reading)}.`).join('');
  const message = `Locked: ${free.join(', ')}.${left}`;
  await tellDone(request, { message, next: `/unlock ${environment}` }, world);
}

/** Until when it holds, in the job's params: a time, a merge, or neither, which `--sticky` says outright. */
function paramsOf({ command, event }: Request, reading: Reading): Record<string, string> {
  const { params, flags, environment } = command;
  const { reason, for: time } = params;
  const isUntilMerge = flags['until-merge'] === true;
  if (flags['sticky'] === true && (isUntilMerge || time !== undefined)) {
    const message = 'A lock that is sticky ends neither with a time nor with a merge';
    throw refusal('flags_differ', message, `/lock ${environment} --sticky`, exitCodes.usage);
  }
  if (isUntilMerge && !event.isPull) {
    const message = 'Only in a pull request a lock can hold until it is merged';
    throw refusal('no_pull_request', message, `/lock ${environment}`, exitCodes.usage);
  }
  return {
    ...(reason === undefined ? {} : { reason }),
    ...untilOf(time, reading, `/lock ${environment}, which stands until somebody takes it back`),
    ...(isUntilMerge ? { pull: String(event.issue) } : {}),
  };
}

function isLocked(name: string, { environments, now }: Reading): boolean {
  return stands(environments.get(name)?.facts.lock ?? null, now);
}

function lockInWords(name: string, { environments, now }: Reading): string {
  const lock = environments.get(name)?.facts.lock ?? null;
  return stands(lock, now)
    ? `${name} is locked already, ${standingInWords(lock)}`
    : `Nobody has locked ${name}`;
}

/** Whoever locks what is locked should know of the other lock. */
function alreadyLocked(names: readonly string[], reading: Reading) {
  const message = names.map((name) => lockInWords(name, reading)).join('; ');
  return refusal('locked', message, `/unlock ${names[0] ?? ''}`);
}
