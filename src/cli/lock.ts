import type { ExitCode } from '../model/errors.ts';
import { doAct } from './ask-act.ts';
import { durationOption, textOption } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Nobody else deploys until somebody unlocks, or until the time is over. */
export function run(args: Args, world: World): Promise<ExitCode> {
  const reason = textOption(args, 'reason') ?? '';
  const time = durationOption(args, 'for', null);
  const environment = args.words[0]!;
  return doAct({ verb: 'lock', environment, for: time, reason }, args, world);
}
