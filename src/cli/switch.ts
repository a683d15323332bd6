import type { ExitCode } from '../model/errors.ts';
import { change } from './change.ts';
import { textOption } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Moves the traffic to what is staged, or back to what had it before. */
export function run(args: Args, world: World): Promise<ExitCode> {
  const act = {
    verb: 'switch',
    environment: args.words[0]!,
    target: args.words[1] ?? null,
    to: textOption(args, 'to'),
    reason: textOption(args, 'reason') ?? '',
    force_quarantined: args.options['force-quarantined'] === true,
  } as const;
  return change(act, args, world);
}
