import { isAgentConfig } from '../config/is-agent-config.ts';
import { parseAgentConfig, parseRepositoryConfig } from '../config/parse.ts';
import type { ConfigProblem } from '../config/problem.ts';
import { maxConfigBytes } from '../config/read-yaml.ts';
import { SallyportError, asSallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import { coloursOf, printJson, type Colours } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

const defaultFile = '.github/sallyport.yml';

/** Exit 2 where the file is not valid. */
export async function run({ words, options, json }: Args, world: World): Promise<ExitCode> {
  const file = words[0] ?? defaultFile;
  const text = textOf(await readConfig(words[0], world), file);
  const isAgent = options['agent'] === true || isAgentConfig(text);
  const checked = isAgent ? checkAgent(text, file) : checkRepository(text, file);
  if (checked.ok) {
    const { kind, counts } = checked;
    if (json) printJson(world, { file, kind, ...counts });
    else world.stdout.write(`${file} is valid: ${inWords(counts)}\n`);
    return exitCodes.done;
  }
  const { problems } = checked;
  if (json) printProblemsJson(world, file, problems);
  else {
    const colours = coloursOf(world.stderr, world.env);
    const lines = text.split(/\r\n|\n|\r/);
    for (const problem of problems) world.stderr.write(snippet(problem, lines, colours));
    world.stderr.write(`${summary(file, problems)}\n`);
  }
  return exitCodes.usage;
}

async function readConfig(named: string | undefined, world: World): Promise<Uint8Array> {
  try {
    return await world.readFile(named ?? defaultFile, maxConfigBytes);
  } catch (thrown) {
    const { code, message, exit } = asSallyportError(thrown);
    if (named !== undefined || code !== 'file_not_found') throw thrown;
    const hint = 'Go to the top of a repository that has one, or name it: sallyport validate FILE';
    throw new SallyportError({ code, message, hint, exit, cause: thrown });
  }
}

type Checked =
  | { readonly ok: true; readonly kind: string; readonly counts: Readonly<Record<string, number>> }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

function checkRepository(text: string, file: string): Checked {
  const parsed = parseRepositoryConfig(text, file);
  if (!parsed.ok) return parsed;
  const { targets, environments, agents } = parsed.config;
  const counts = {
    targets: Object.keys(targets).length,
    environments: Object.keys(environments).length,
    agents: Object.keys(agents).length,
  };
  return { ok: true, kind: 'repository', counts };
}

function checkAgent(text: string, file: string): Checked {
  const parsed = parseAgentConfig(text, file);
  if (!parsed.ok) return parsed;
  const { environments, trust } = parsed.config;
  const counts = { environments: environments.length, keys: (trust?.keys ?? []).length };
  return { ok: true, kind: 'agent', counts };
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SallyportError({
      code: 'config_invalid',
      message: `${file} is not UTF-8 text.`,
      hint: `file ${file}`,
      exit: exitCodes.usage,
      cause,
    });
  }
}

/** `file:line:column: message`, the line itself, and a caret below the place. */
function snippet(problem: ConfigProblem, lines: readonly string[], colours: Colours): string {
  const { file, line, column, message } = problem;
  const place = colours.bold(`${file}:${line}:${column}:`);
  const source = (lines[line - 1] ?? '').replaceAll('\t', ' ');
  const skipped = Math.max(0, column - 80);
  const shown = source.slice(skipped, skipped + 120);
  const number = String(line).padStart(5);
  const caret = ' '.repeat(column - 1 - skipped) + colours.red('^');
  return `${place} ${message}\n${number} | ${printable(shown)}\n${' '.repeat(5)} | ${caret}\n`;
}

/** A file from elsewhere does not speak to the terminal itself. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\u{fffd}');
}

function summary(file: string, problems: readonly ConfigProblem[]): string {
  return `${file} has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`;
}

function printProblemsJson(world: World, file: string, problems: readonly ConfigProblem[]): void {
  const error = {
    code: 'config_invalid',
    message: `${summary(file, problems)}.`,
    hint: `sallyport validate ${file}`,
  };
  world.stdout.write(`${JSON.stringify({ schema: 1, ok: false, error, problems })}\n`);
}

/** `2 targets, 1 environment` */
function inWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${count === 1 ? name.slice(0, -1) : name}`)
    .join(', ');
}
