import type { Compared } from '../agent/reconcile.ts';
import { exitCodes, type ExitCode } from '../model/errors.ts';
import { sendAgentJson } from './agent-client.ts';
import { findSocket } from './agent-socket.ts';
import { coloursOf } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

interface Answer {
  readonly environments: readonly Compared[];
}

/** Has the agent compare what is here with what was deployed, and mend it where the policy says so. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const socket = await findSocket(args, world);
  const { environments } = await sendAgentJson<Answer>(socket, '/reconcile', {});
  if (args.json) world.stdout.write(`${JSON.stringify({ schema: 1, ok: true, environments })}\n`);
  else {
    const { bold } = coloursOf(world.stdout, world.env);
    for (const { environment, message } of environments) {
      world.stdout.write(`${bold(environment)}: ${message}\n`);
    }
  }
  const states = new Set(environments.map(({ state }) => state));
  if (states.has('differs') || states.has('failed')) return exitCodes.failed;
  return states.has('busy') ? exitCodes.stillRunning : exitCodes.done;
}
