import type { ExitCode } from '../model/errors.ts';
import { doAct } from './ask-act.ts';
import { textOption } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Nothing is deployed until somebody unlocks. */
export function run(args: Args, world: World): Promise<ExitCode> {
  const reason = textOption(args, 'reason') ?? '';
  return doAct({ verb: 'lock', environment: args.words[0]!, reason }, args, world);
}
