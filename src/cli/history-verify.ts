import { resolve } from 'node:path';
import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import type { CheckedJournal } from '../ports/journal.ts';
import { agentConfigPath, readAgentConfig } from './agent-config.ts';
import { textOption } from './option-values.ts';
import { coloursOf, printJson } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Checks what this host wrote down of all that it did; names the first broken entry. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const state = await stateOf(args, world);
  const files = await (await world.parts.checkHistory())(state);
  if (files.length === 0) throw nothingThere(state);
  const isWhole = files.every(({ broken }) => broken === null);
  if (args.json) printJson(world, { state, whole: isWhole, files });
  else world.stdout.write(files.map((file) => lineOf(file, world)).join(''));
  return isWhole ? exitCodes.done : exitCodes.failed;
}

function lineOf({ path, entries, broken, torn }: CheckedJournal, world: World): string {
  const { green, red } = coloursOf(world.stdout, world.env);
  if (broken) {
    const { line, entry, why } = broken;
    return `${red('broken')} ${path}, line ${line}, entry ${entry}: ${why}\n`;
  }
  const rest = torn ? ', and the rest of a write that was cut off' : '';
  return `${green('whole')}  ${path}: ${entries} ${entries === 1 ? 'entry' : 'entries'}${rest}\n`;
}

async function stateOf(args: Args, world: World): Promise<string> {
  const given = textOption(args, 'state') ?? world.env['SALLYPORT_STATE'];
  if (given && textOption(args, 'config') === null) return resolve(world.cwd, given);
  return (await readAgentConfig(textOption(args, 'config') ?? agentConfigPath, world)).state;
}

function nothingThere(state: string): SallyportError {
  return new SallyportError({
    code: 'history_missing',
    message: `There is no history in ${state}.`,
    hint: 'Name the state folder of the agent: sallyport history verify --state DIR',
    exit: exitCodes.notFound,
  });
}
