import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { ActAnswer, ActRequest } from './act-request.ts';
import type { ActsWorld } from './acts-world.ts';
import { deploy, plan, rollback, switchTraffic, sync } from './change-acts.ts';
import { approve, cancel, reject } from './person-acts.ts';
import { releaseHost } from './release-host.ts';
import { lock, pause, releaseQuarantine, resume, unlock } from './state-acts.ts';
import { hold, maintenance } from './traffic-acts.ts';

/** Does what a person on this host asks; the same request twice is one act. */
export type PerformAct = (request: ActRequest, signal: AbortSignal) => Promise<ActAnswer>;

/** Rejects with a SallyportError where it is refused, and as the ledger and Git do. */
export function createPerformAct(world: ActsWorld): PerformAct {
  return async (request, signal) => {
    // What a host says of itself is its own word, wherever jobs come from.
    if (request.verb !== 'release') refuseStrangers(request, world);
    const answer = await perform(request, world, signal);
    world.wake();
    return answer;
  };
}

function perform(request: ActRequest, world: ActsWorld, signal: AbortSignal): Promise<ActAnswer> {
  switch (request.verb) {
    case 'sync':
      return sync(request, world, signal);
    case 'deploy':
      return deploy(request, world, signal);
    case 'plan':
      return plan(request, world, signal);
    case 'rollback':
      return rollback(request, world, signal);
    case 'switch':
      return switchTraffic(request, world, signal);
    case 'approve':
      return approve(request, world, signal);
    case 'reject':
      return reject(request, world, signal);
    case 'cancel':
      return cancel(request, world, signal);
    case 'pause':
      return pause(request, world, signal);
    case 'resume':
      return resume(request, world, signal);
    case 'lock':
      return lock(request, world, signal);
    case 'unlock':
      return unlock(request, world, signal);
    case 'release-quarantine':
      return releaseQuarantine(request, world, signal);
    case 'release':
      return releaseHost(request, world);
    case 'maintenance':
      return maintenance(request, world);
    case 'hold':
      return hold(request, world);
  }
}

function refuseStrangers(
  { verb }: ActRequest,
  { origins, isOnGithub, host, beside }: ActsWorld,
): void {
  // What stands before a service no comment moves.
  const isOfHost = verb === 'maintenance' || verb === 'hold';
  if (isOnGithub && !beside && !isOfHost) {
    throw new SallyportError({
      code: 'not_allowed_here',
      message: `${host} takes its jobs from GitHub, where people are asked who they are.`,
      hint: 'Type it in a pull request or an issue: /deploy, /approve, /rollback, /lock …',
      exit: exitCodes.refused,
    });
  }
  if (origins.includes('operator')) return;
  throw new SallyportError({
    code: 'not_allowed_here',
    message: `${host} does not take the word of people on the host (allow.origins).`,
    hint: 'Add `operator` to allow.origins in agent.yml, and start the agent again.',
    exit: exitCodes.refused,
  });
}
