import type { ExitCode } from '../model/errors.ts';
import { doAct } from './ask-act.ts';
import { durationOption, textOption } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

const defaultMs = 60 * 60_000;

/** Nothing goes out and nothing is mended by itself, for a time that ends by itself. */
export function run(args: Args, world: World): Promise<ExitCode> {
  const act = {
    verb: 'pause',
    environment: args.words[0]!,
    for: durationOption(args, 'for', defaultMs),
    reason: textOption(args, 'reason') ?? '',
  } as const;
  return doAct(act, args, world);
}
