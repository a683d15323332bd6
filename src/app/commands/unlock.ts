import type { StateCommand } from '../../command/command.ts';
import type { Reading } from '../../deploy/reader.ts';
import { openGate, type GateDecision } from '../../policy/gate.ts';
import { stands } from '../../policy/standing.ts';
import { judgeUnlock } from '../../policy/unlock.ts';
import { begun } from '../begun.ts';
import { readPolicy, type Policy } from '../configuration.ts';
import { environmentsMeant } from '../environments-meant.ts';
import { isNamedIn } from '../is-named-in.ts';
import { judgeMayOf } from '../judge-may.ts';
import { requireMay, tellDone, type PersonRequest } from '../person.ts';
import { refuseWhereClosed } from '../refuse.ts';
import { isRepeated, refusal, sayState, sayStateAmong } from '../state-job.ts';
import type { AppWorld } from '../world.ts';

type Request = PersonRequest<StateCommand>;

/** `/unlock <env>|all [--force]`: takes a lock off, and lets go of a pull request that keeps the environment. */
export async function unlock(request: Request, world: AppWorld): Promise<void> {
  const { environment, params: given } = request.command;
  const begunPolicy = begun(readPolicy(world.github, world.repository.defaultBranch));
  const begunReading = begun(world.reader.refresh());
  await requireMay(request, world);
  const policy = await begunPolicy;
  const names = environmentsMeant(environment, policy, 'unlock');
  const reading = await begunReading;
  const params = given['reason'] === undefined ? {} : { reason: given['reason'] };
  const judged = await Promise.all(
    names.map(async (name) => ({ name, gate: await judge(name, policy, reading, request, world) })),
  );
  if (judged.length === 1) refuseWhereClosed(judged.map(({ gate }) => gate));
  const kept = judged.filter(
    ({ name }) => isKept(name, reading) || isRepeated(name, reading, request, world),
  );
  if (kept.length === 0) {
    throw refusal('not_locked', `${environment} is not locked`, `/status ${environment}`);
  }
  if (names.length === 1) {
    return sayState({ environment: kept[0]!.name, params, policy, reading }, request, world);
  }
  const freed = kept.filter(({ gate }) => gate.open).map(({ name }) => name);
  if (freed.length === 0) return refuseWhereClosed(kept.map(({ gate }) => gate));
  for (const name of freed) {
    await sayStateAmong({ environment: name, params, policy, reading }, request, world);
  }
  const left = kept.filter(({ gate }) => !gate.open).map(({ gate }) => ` ${gate.message}.`);
  const message = `Unlocked: ${freed.join(', ')}.${left.join('')}`;
  await tellDone(request, { message, next: null }, world);
}

function isKept(name: string, { environments, now }: Reading): boolean {
  const facts = environments.get(name)?.facts;
  return stands(facts?.lock ?? null, now) || (facts?.heldByPull ?? null) !== null;
}

/** Whoever may type it lets go of a pull request; a lock is its owner's. */
async function judge(
  name: string,
  { config }: Policy,
  { environments, now }: Reading,
  { command, event }: Request,
  { github }: AppWorld,
): Promise<GateDecision> {
  const { lock = null, heldByPull = null } = environments.get(name)?.facts ?? {};
  const rules = config.environments[name];
  const isLocked = stands(lock, now);
  if (!isLocked || heldByPull !== null) {
    const [may] = rules ? await judgeMayOf(event.author, 'unlock', name, rules, github) : [];
    // A lock of one's own is no way to what somebody else keeps.
    if (may?.open === false) return may;
    if (!isLocked) return may ?? openGate('unlock', 'not_locked', `Nobody has locked ${name}`);
  }
  const named = rules?.may.unlock ?? [];
  const [isNamed, permission] = await Promise.all([
    isNamedIn(named, event.author, github),
    github.permissionOf(event.author),
  ]);
  const isForced = command.flags['force'] === true;
  return judgeUnlock({ name, lock, person: event.author, isNamed, isForced, permission });
}
