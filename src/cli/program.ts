import { CommanderError } from 'commander';
import { asSallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import { buildCommand } from './build-command.ts';
import { printError } from './output.ts';
import { usageError } from './usage-error.ts';
import type { Verb } from './verb.ts';
import type { World } from './world.ts';

/**
 * Runs one command line (without the program's own name) and gives its exit code. Never
 * rejects: what goes wrong is printed, with `--json` as the one document on standard output.
 */
export async function runProgram(
  words: readonly string[],
  verbs: readonly Verb[],
  world: World,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const program = buildCommand(verbs, world, (given) => {
    code = given;
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.done;
    const error =
      thrown instanceof CommanderError
        ? usageError(thrown, words, verbs)
        : asSallyportError(thrown);
    printError(world, error, asksForJson(words));
    return error.exit;
  }
}

function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? undefined : end).includes('--json');
}
