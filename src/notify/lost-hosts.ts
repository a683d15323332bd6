import type { Environment } from '../config/environment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import type { UnitView } from '../deploy/fold-deployment.ts';
import { whoseTurn } from '../deploy/whose-turn.ts';
import type { Note } from '../model/note.ts';
import { aboutDeployment, noteId, type NotePlace } from './place.ts';

/**
 * How long a host may say nothing at its turn, in ms: three polls of a minute, which is longer than
 * nearly any agent waits between two. An agent whose `poll` is longer may be taken for lost.
 */
const patienceMs = 3 * 60_000;

/** Whether it is worth a look at the policy. */
export function mayBeLost(environment: EnvironmentView, now: number): boolean {
  return !!environment.running?.bound && now - lastWord(environment) >= patienceMs;
}

/**
 * The host that a deployment waits for, and that has said nothing since its turn came. One that is
 * working says nothing either, until it is done: it is never taken for lost.
 */
export function lostHosts(
  environment: EnvironmentView,
  policy: Environment,
  now: number,
  place: NotePlace,
): readonly Note[] {
  const { running, gap } = environment;
  if (!running?.bound || gap) return [];
  const planFirst = running.job.operation === 'deploy' && policy.require.approvals > 0;
  return running.job.roster.flatMap(({ name }): readonly Note[] => {
    const turn = whoseTurn(environment, name, { planFirst, now });
    if (turn.kind !== 'act' && turn.kind !== 'plan') return [];
    const { unit, deployment } = turn;
    const since = Math.max(lastWord(environment), environment.hosts.get(name)?.at ?? 0);
    const isOwn = deployment === running.deployment && unit.host === name;
    if (!isOwn || !isUntouched(unit) || now - since < patienceMs) return [];
    const note: Note = {
      ...aboutDeployment(running, place),
      id: noteId(place, running, `agent-lost:${name}`),
      event: 'agent-lost',
      state: running.state,
      reason: 'none',
      message: `Nothing from ${name} since ${new Date(since).toISOString()}`,
      hosts: [name],
      targets: [unit.target],
      at: now,
    };
    return [note];
  });
}

/** Nothing was said of it: not even that it waits for something. */
function isUntouched({ state, reason }: UnitView): boolean {
  const isWaiting = state === 'waiting' || state === 'planned' || state === 'approved';
  return isWaiting && (reason === 'none' || reason === 'queued' || reason === 'not_my_turn');
}

/** When anything last happened that may have made it that host's turn. */
function lastWord({ running, deployments }: EnvironmentView): number {
  const { at, units, acts } = running!;
  const before = deployments.map(({ endedAt }) => endedAt ?? 0);
  return Math.max(at, ...units.map((unit) => unit.at), ...acts.map((act) => act.at), ...before);
}
