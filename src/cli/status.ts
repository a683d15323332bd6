import { setTimeout as wait } from 'node:timers/promises';
import { exitCodes, type ExitCode } from '../model/errors.ts';
import type { StatusJson } from '../report/status-json.ts';
import { statusText } from '../report/status-text.ts';
import { askAgentJson } from './agent-client.ts';
import { findSocket } from './agent-socket.ts';
import { coloursOf, widthOf } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Between two looks with --watch, in ms. */
const lookMs = 1_000;

/** Shows where the environments of this host stand; with --watch until it is interrupted. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const { words, options, json } = args;
  const socket = await findSocket(args, world);
  const query = words[0] === undefined ? '' : `?environment=${encodeURIComponent(words[0])}`;
  const look = () => askAgentJson<StatusJson>(socket, `/status${query}`);
  if (options['watch'] !== true) {
    const status = await look();
    world.stdout.write(`${json ? JSON.stringify(status) : textOf(status, world)}\n`);
    return exitCodes.done;
  }
  const { signal } = world;
  let last = '';
  while (!signal.aborted) {
    last = show(await look(), last, json, world);
    await wait(lookMs, undefined, { signal }).catch(() => undefined);
  }
  return exitCodes.done;
}

/** Writes what is new and gives what was shown. On a terminal the same place is written over. */
function show(status: StatusJson, last: string, json: boolean, world: World): string {
  const { stdout } = world;
  if (!json && stdout.isTTY) {
    const text = textOf(status, world);
    if (text !== last) stdout.write(`${home}${text.replaceAll('\n', `${restOfLine}\n`)}\n${below}`);
    return text;
  }
  // What the agent says of its polls is never news.
  const shown = JSON.stringify(status.environments);
  if (shown !== last) stdout.write(`${json ? JSON.stringify(status) : textOf(status, world)}\n`);
  return shown;
}

/** Moves to the top left; clears to the end of the line; clears everything below. */
const [home, restOfLine, below] = ['\u{1b}[H', '\u{1b}[K', '\u{1b}[J'];

function textOf(status: StatusJson, world: World): string {
  const { isColorSupported: colour } = coloursOf(world.stdout, world.env);
  // A box wider than that is no easier to read.
  const width = Math.min(100, widthOf(world));
  return statusText(status, { colour, width, now: Date.now() });
}
