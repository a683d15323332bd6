import type { ExitCode } from '../model/errors.ts';
import { doAct } from './ask-act.ts';
import { deploymentOf } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** A person's word for the plan of a deployment. */
export function run(args: Args, world: World): Promise<ExitCode> {
  const deployment = deploymentOf(args.words[0]!);
  const digest = args.words[1] ?? null;
  return doAct({ verb: 'approve', deployment, digest }, args, world);
}
