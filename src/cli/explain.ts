import type { Command, CommandError } from '../command/command.ts';
import { parseComment } from '../command/parse-comment.ts';
import { exitCodes, type ExitCode } from '../model/errors.ts';
import { coloursOf, printJson, type Colours } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** A comment that is misspelt was explained all the same: exit 0. */
export async function run({ words, json }: Args, world: World): Promise<ExitCode> {
  const { commands, errors } = parseComment(words[0] ?? '');
  if (json) {
    printJson(world, { commands: commands.map(forScripts), errors });
  } else {
    world.stdout.write(explanation(commands, errors, coloursOf(world.stdout, world.env)));
  }
  return exitCodes.done;
}

/** What was typed after `|` stands beside what flags and words gave. */
function forScripts({ name, environment, ref, sha, flags, params, inputs }: Command): object {
  return { name, environment, ref, sha, flags, params: { ...params, ...inputs } };
}

function explanation(
  commands: readonly Command[],
  errors: readonly CommandError[],
  colours: Colours,
): string {
  if (commands.length + errors.length === 0) {
    return 'No command: none of its lines starts with one, outside code blocks, quotes and HTML comments.\n';
  }
  const lines = [
    ...commands.map((command) => ({ line: command.line, text: colours.green(inWords(command)) })),
    ...errors.map(({ line, message }) => ({ line, text: `${colours.red('error:')} ${message}` })),
  ];
  return lines
    .toSorted((a, b) => a.line - b.line)
    .map(({ line, text }) => `line ${line}: ${text}\n`)
    .join('');
}

function inWords({ name, environment, ref, sha, flags, params, inputs }: Command): string {
  const commit = sha === null ? (ref === null ? '' : `, ref ${ref}`) : `, commit ${sha}`;
  const said = Object.entries(params).map(([what, value]) => `, ${what} ${value}`);
  const given = Object.entries(flags).map(([flag, value]) =>
    value === true ? `, --${flag}` : `, --${flag}=${value}`,
  );
  const typed = Object.entries(inputs).map(
    ([input, value]) => `, ${input}=${JSON.stringify(value)}`,
  );
  const where = environment === null ? '' : `, environment ${environment}`;
  return [name, where, commit, ...said, ...given, ...typed].join('');
}
