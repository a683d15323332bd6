import { exitCodes, type ExitCode } from '../model/errors.ts';
import type { HistoryJson } from '../report/history-json.ts';
import { historyText } from '../report/history-text.ts';
import { askAgentJson } from './agent-client.ts';
import { findSocket } from './agent-socket.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Shows the deployments of an environment, newest first. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const socket = await findSocket(args, world);
  const query = `environment=${encodeURIComponent(args.words[0]!)}`;
  const history = await askAgentJson<HistoryJson>(socket, `/history?${query}`);
  world.stdout.write(`${args.json ? JSON.stringify(history) : historyText(history)}\n`);
  return exitCodes.done;
}
