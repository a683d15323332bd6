import type { ExitCode } from '../model/errors.ts';
import { change } from './change.ts';
import { paramsOption, textOption } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Makes an environment match a commit. */
export function run(args: Args, world: World): Promise<ExitCode> {
  const act = {
    verb: 'deploy',
    environment: args.words[0]!,
    ref: textOption(args, 'ref'),
    params: paramsOption(args),
    reason: textOption(args, 'reason') ?? '',
    stage: args.options['stage'] === true,
    force_quarantined: args.options['force-quarantined'] === true,
  } as const;
  return change(act, args, world);
}
