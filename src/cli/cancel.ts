import type { ExitCode } from '../model/errors.ts';
import { doAct } from './ask-act.ts';
import { deploymentOf, textOption } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Takes back a deployment that has not begun. */
export function run(args: Args, world: World): Promise<ExitCode> {
  const deployment = deploymentOf(args.words[0]!);
  const reason = textOption(args, 'reason') ?? '';
  return doAct({ verb: 'cancel', deployment, reason }, args, world);
}
