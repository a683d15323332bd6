import { setTimeout as wait } from 'node:timers/promises';
import { exitCodes, type ExitCode } from '../model/errors.ts';
import type { StatusJson } from '../report/status-json.ts';
import { statusText } from '../report/status-text.ts';
import { askAgentJson } from './agent-client.ts';
import { findSocket } from './agent-socket.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Between two looks with --watch, in ms. */
const lookMs = 1_000;
const clearScreen = '\u{1b}[H\u{1b}[2J';

/** Shows where the environments of this host stand; with --watch until it is interrupted. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const { words, options, json } = args;
  const socket = await findSocket(args, world);
  const query = words[0] === undefined ? '' : `?environment=${encodeURIComponent(words[0])}`;
  const look = () => askAgentJson<StatusJson>(socket, `/status${query}`);
  if (options['watch'] !== true) {
    print(await look(), json, world);
    return exitCodes.done;
  }
  const { signal } = world;
  let last = '';
  while (!signal.aborted) {
    const status = await look();
    const shown = JSON.stringify(status);
    if (shown !== last) {
      if (!json && world.stdout.isTTY) world.stdout.write(clearScreen);
      print(status, json, world);
    }
    last = shown;
    await wait(lookMs, undefined, { signal }).catch(() => undefined);
  }
  return exitCodes.done;
}

function print(status: StatusJson, json: boolean, world: World): void {
  world.stdout.write(`${json ? JSON.stringify(status) : statusText(status)}\n`);
}
