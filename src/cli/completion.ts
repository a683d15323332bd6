import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import { bashCompletion, fishCompletion, zshCompletion } from './completion-scripts.ts';
import { printJson } from './output.ts';
import type { Args, Verb, VerbModule } from './verb.ts';
import type { World } from './world.ts';

const shells = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
]);

/** The verb that knows the table of verbs; it gets the table, for the table already names it. */
export function completionOf(verbs: readonly Verb[]): VerbModule {
  return { run: (args, world) => complete(args, world, verbs) };
}

async function complete(args: Args, world: World, verbs: readonly Verb[]): Promise<ExitCode> {
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
