import type { ExitCode } from '../model/errors.ts';
import { change } from './change.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Makes an environment match the head of the branch. */
export function run(args: Args, world: World): Promise<ExitCode> {
  return change({ verb: 'sync', environment: args.words[0]! }, args, world);
}
