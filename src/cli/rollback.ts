import type { ExitCode } from '../model/errors.ts';
import { change } from './change.ts';
import { textOption } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Goes back to a commit that completed here. */
export function run(args: Args, world: World): Promise<ExitCode> {
  const act = {
    verb: 'rollback',
    environment: args.words[0]!,
    to: textOption(args, 'to'),
    reason: textOption(args, 'reason') ?? '',
  } as const;
  return change(act, args, world);
}
