import { setTimeout as pause } from 'node:timers/promises';
import type { DeploymentJson } from '../agent/control-routes.ts';
import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import { askAgentJson } from './agent-client.ts';
import type { World } from './world.ts';

/** Between two looks, in ms. */
const lookMs = 300;

/** Ends at which what was asked for is as it was asked for. */
const good = new Set(['completed', 'skipped']);

/**
 * Waits until a deployment is over, and says on standard error how it goes. Throws `still_running`
 * when the time ran out, or when it was interrupted.
 */
export async function waitFor(
  deployment: string,
  timeoutMs: number,
  socket: string,
  world: World,
): Promise<ExitCode> {
  const { signal } = world;
  const end = Date.now() + timeoutMs;
  let last = '';
  for (;;) {
    const look = await lookAt(deployment, socket);
    const { state, reason } = look?.deployment ?? { state: 'pending', reason: 'queued' };
    const words = reason === 'none' ? state : `${state} (${reason.replaceAll('_', ' ')})`;
    if (words !== last) world.stderr.write(`deployment ${deployment}: ${words}\n`);
    last = words;
    if (look?.over) return good.has(state) ? exitCodes.done : exitCodes.failed;
    if (signal.aborted || Date.now() >= end) throw stillRunning(deployment, words);
    await pause(lookMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The agent may not have read its ledger since the job was made. */
async function lookAt(deployment: string, socket: string): Promise<DeploymentJson | null> {
  try {
    return await askAgentJson<DeploymentJson>(socket, `/deployments/${deployment}`);
  } catch (error) {
    if (error instanceof SallyportError && error.exit === exitCodes.notFound) return null;
    throw error;
  }
}

function stillRunning(deployment: string, words: string): SallyportError {
  return new SallyportError({
    code: 'still_running',
    message: `Deployment ${deployment} is not over: ${words}.`,
    hint: `sallyport logs ${deployment} --follow`,
    exit: exitCodes.stillRunning,
  });
}
