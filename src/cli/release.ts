import type { ExitCode } from '../model/errors.ts';
import { doAct } from './ask-act.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Gives a host back, on which people acted themselves. */
export function run(args: Args, world: World): Promise<ExitCode> {
  return doAct({ verb: 'release', host: args.words[0]! }, args, world);
}
