import type { ExitCode } from '../model/errors.ts';
import { doAct } from './ask-act.ts';
import { durationOption, usage } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** As long as proxies and browsers wait by themselves. */
const usualMs = 30_000;

/** New requests wait, each for a time at the most, until somebody lets them go. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const [environment, target = null] = args.words;
  const isOff = args.options['off'] === true;
  if (isOff && args.options['for'] !== undefined) {
    throw usage('--for does not go with --off.', 'sallyport hold --help');
  }
  const forMs = isOff ? null : durationOption(args, 'for', usualMs);
  return await doAct({ verb: 'hold', environment: environment!, target, for: forMs }, args, world);
}
