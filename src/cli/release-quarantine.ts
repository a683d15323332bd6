import type { ExitCode } from '../model/errors.ts';
import { doAct } from './ask-act.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Lets a commit that failed be tried again by itself. */
export function run(args: Args, world: World): Promise<ExitCode> {
  const [environment, commit] = args.words as [string, string];
  return doAct(
    { verb: 'release-quarantine', environment, commit: commit.replace(/^@/, '') },
    args,
    world,
  );
}
