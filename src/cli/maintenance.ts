import type { ExitCode } from '../model/errors.ts';
import { doAct } from './ask-act.ts';
import { textOption, usage } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

const usualText = 'We will be back in a few minutes.';

/** People are told a text instead of an answer, until somebody ends it. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const { words, options } = args;
  const [environment, target = null] = words;
  const text = textOption(args, 'message');
  const isOff = options['off'] === true;
  if (isOff === (options['on'] === true)) {
    throw usage('maintenance takes either --on or --off.', 'sallyport maintenance --help');
  }
  if (isOff && text !== null) {
    throw usage('--message goes with --on.', 'sallyport maintenance --help');
  }
  const message = isOff ? null : (text ?? usualText);
  return await doAct(
    { verb: 'maintenance', environment: environment!, target, message },
    args,
    world,
  );
}
