import { exitCodes, type ExitCode } from '../model/errors.ts';
import { findSocket } from './agent-socket.ts';
import { askAct, printAnswer, type Act } from './ask-act.ts';
import { durationOption } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

const defaultTimeoutMs = 30 * 60_000;

/** Asks for a deployment; with --wait until it is over. */
export async function change(act: Act, args: Args, world: World): Promise<ExitCode> {
  const timeoutMs = durationOption(args, 'timeout', defaultTimeoutMs);
  const socket = await findSocket(args, world);
  const answer = await askAct(act, socket, world);
  printAnswer(answer, args.json, world);
  if (args.options['wait'] !== true || answer.deployment === null) return exitCodes.done;
  const { waitFor } = await import('./wait-for.ts');
  return await waitFor(answer.deployment, timeoutMs, socket, world);
}
