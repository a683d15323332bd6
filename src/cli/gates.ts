import { exitCodes, type ExitCode } from '../model/errors.ts';
import type { GatesJson } from '../report/gates-json.ts';
import { gatesText } from '../report/gates-text.ts';
import { askAgentJson } from './agent-client.ts';
import { findSocket } from './agent-socket.ts';
import { textOption } from './option-values.ts';
import { coloursOf, widthOf } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Shows every gate of an environment with its answer; that one is closed is an answer too: exit 0. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const query = new URLSearchParams({ environment: args.words[0]! });
  for (const name of ['at', 'ref']) {
    const value = textOption(args, name);
    if (value !== null) query.set(name, value);
  }
  const socket = await findSocket(args, world);
  const gates = await askAgentJson<GatesJson>(socket, `/gates?${query.toString()}`);
  const { isColorSupported: colour } = coloursOf(world.stdout, world.env);
  const text = args.json
    ? JSON.stringify(gates)
    : gatesText(gates, { colour, width: widthOf(world) }).trimEnd();
  world.stdout.write(`${text}\n`);
  return exitCodes.done;
}
