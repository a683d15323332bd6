import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import { bashCompletion, fishCompletion, zshCompletion } from './completion-scripts.ts';
import { printJson } from './output.ts';
import type { Args } from './verb.ts';
import { verbs } from './verbs.ts';
import type { World } from './world.ts';

const shells = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
]);

export async function run(args: Args, world: World): Promise<ExitCode> {
  const shell = args.words[0] ?? '';
  const make = shells.get(shell);
  if (!make) {
    throw new SallyportError({
      code: 'unknown_shell',
      message: `There is no completion for the shell \`${shell}\`.`,
      hint: `sallyport completion ${[...shells.keys()].join('|')}`,
      exit: exitCodes.usage,
    });
  }
  const script = make(verbs);
  if (args.json) printJson(world, { shell, script });
  else world.stdout.write(script);
  return exitCodes.done;
}
