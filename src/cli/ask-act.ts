import { randomUUID } from 'node:crypto';
import type { ActAnswer, ActAsked } from '../agent/local/act-request.ts';
import { exitCodes, type ExitCode } from '../model/errors.ts';
import { sendAgentJson } from './agent-client.ts';
import { findSocket } from './agent-socket.ts';
import { callerOf } from './caller.ts';
import { coloursOf } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

type Without<Ask> = Ask extends unknown ? Omit<Ask, 'request' | 'caller'> : never;

/** What is asked for; who asks is added. */
export type Act = Without<ActAsked>;

/** Asks the agent on this host to do something. Throws what it refuses with. */
export async function askAct(act: Act, socket: string, world: World): Promise<ActAnswer> {
  const request = { ...act, request: randomUUID(), caller: callerOf(world.env) };
  return await sendAgentJson<ActAnswer>(socket, '/acts', request);
}

/** Asks for it and prints what came of it. */
export async function doAct(act: Act, args: Args, world: World): Promise<ExitCode> {
  const answer = await askAct(act, await findSocket(args, world), world);
  printAnswer(answer, args.json, world);
  return exitCodes.done;
}

/** What happened, then the exact next command. */
export function printAnswer(answer: ActAnswer, json: boolean, world: World): void {
  if (json) {
    world.stdout.write(`${JSON.stringify(answer)}\n`);
    return;
  }
  const { dim } = coloursOf(world.stdout, world.env);
  const next = answer.next === null ? '' : `${dim('next:')} ${answer.next}\n`;
  world.stdout.write(`${answer.message}\n${next}`);
}
