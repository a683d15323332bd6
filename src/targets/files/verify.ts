import { realpath } from 'node:fs/promises';
import { StepFailure } from '../target.ts';
import { prepareProgram } from './program.ts';
import { send } from './reload.ts';
import type { World } from './world.ts';

/** Between two looks at a program that does not answer well yet. */
const intervalMs = 500;

interface Finding {
  /** `null` where all is well. */
  readonly problem: string | null;
  readonly said: readonly string[];
}

/** Waits until what `verify` asks for holds; `null` config holds always. Rejects with `verify_failed`. */
export async function proveAnswering(world: World, signal: AbortSignal): Promise<void> {
  const { verify } = world.config;
  if (verify === undefined) return;
  const { clock } = world.ports;
  const ends = clock.now() + ('http' in verify ? verify.deadline : 0);
  for (;;) {
    const { problem, said } = await ask(world, signal);
    if (problem === null) return world.progress('it answers well');
    if (clock.now() >= ends) throw new StepFailure('verify_failed', problem, said);
    await clock.sleep(Math.min(intervalMs, Math.max(ends - clock.now(), 0)), signal);
  }
}

/** Whether `verify` holds now; `null` where there is none. */
export async function isAnswering(world: World, signal: AbortSignal): Promise<boolean | null> {
  if (world.config.verify === undefined) return null;
  return (await ask(world, signal)).problem === null;
}

async function ask(world: World, signal: AbortSignal): Promise<Finding> {
  const { verify } = world.config;
  if (verify === undefined) return { problem: null, said: [] };
  if ('http' in verify) return send(world, verify.http, signal);
  const directory = await realpath(world.destination);
  const program = await prepareProgram(world, verify, directory, 'verify');
  const { status, tail } = await world.ports.programs.run(program, signal);
  const words = verify.command.join(' ');
  return { problem: status === 0 ? null : `verify (${words}) ended with ${status}`, said: tail };
}
