import { exitCodes, type ExitCode } from '../model/errors.ts';
import { askAgent } from './agent-client.ts';
import { findSocket } from './agent-socket.ts';
import { deploymentOf } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Shows what a deployment did on this host; with --follow until it is over or interrupted. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const { words, options, json } = args;
  const id = String(deploymentOf(words[0]!));
  const follow = options['follow'] === true;
  const socket = await findSocket(args, world);
  const signal = follow ? world.signal : undefined;
  const answer = await askAgent(socket, `/logs/${id}${follow ? '?follow=1' : ''}`, signal);
  answer.setEncoding('utf8');
  let whole = '';
  try {
    for await (const piece of answer as AsyncIterable<string>) {
      if (json) whole += piece;
      else world.stdout.write(piece);
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
  if (json) {
    const lines = whole.split('\n').slice(0, -1);
    world.stdout.write(`${JSON.stringify({ schema: 1, ok: true, deployment: id, lines })}\n`);
  }
  return exitCodes.done;
}
