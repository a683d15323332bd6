import type { ExitCode } from '../model/errors.ts';
import { doAct } from './ask-act.ts';
import { textOption } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Takes a lock back. */
export function run(args: Args, world: World): Promise<ExitCode> {
  const reason = textOption(args, 'reason') ?? '';
  return doAct({ verb: 'unlock', environment: args.words[0]!, reason }, args, world);
}
