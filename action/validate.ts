import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { parseRepositoryConfig } from '../src/config/parse.ts';
import type { ConfigProblem } from '../src/config/problem.ts';
import { maxConfigBytes } from '../src/config/read-yaml.ts';
import { exitCodes, SallyportError } from '../src/model/errors.ts';
import { codeSpan, plainText } from '../src/report/escape.ts';
import { keyWarnings } from './key-warnings.ts';
import type { Annotation, Outcome, Step } from './step.ts';

/** Checks the configuration of the checkout, and what workflows show of how the key is kept. */
export async function run({ inputs, run: { workspace } }: Step): Promise<Outcome> {
  const file = inputs.config;
  const text = await readIn(workspace, file);
  const parsed = parseRepositoryConfig(text, file);
  const problems = parsed.ok ? [] : parsed.problems;
  const warnings = await keyWarnings(workspace);
  return {
    exit: parsed.ok ? exitCodes.done : exitCodes.usage,
    outputs: { problems: String(problems.length) },
    summary: summaryOf(file, problems, warnings),
    annotations: [...problems.map(annotationOf), ...warnings],
  };
}

async function readIn(workspace: string, file: string): Promise<string> {
  try {
    const top = await realpath(workspace);
    const path = await realpath(join(top, file));
    const inside = relative(top, path);
    // A link in the checkout must not show a file of the runner.
    if (isAbsolute(file) || isAbsolute(inside) || inside.split(sep)[0] === '..') {
      throw new Error('it is not in the checkout');
    }
    const { size } = await stat(path);
    if (size > maxConfigBytes) throw new Error('it is larger than 1 MiB');
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    throw new SallyportError({
      code: 'config_missing',
      message: `${file} cannot be read in the checkout: ${(cause as Error).message}`,
      hint: 'Check the repository out before this step (actions/checkout), or name the file: `config`.',
      exit: exitCodes.usage,
      cause,
    });
  }
}

function annotationOf({ file, line, column, path, message }: ConfigProblem): Annotation {
  return { level: 'error', title: path || 'not valid', message, file, line, column };
}

function summaryOf(
  file: string,
  problems: readonly ConfigProblem[],
  warnings: readonly Annotation[],
): string {
  const count = `${problems.length} ${problems.length === 1 ? 'error' : 'errors'}`;
  const head =
    problems.length === 0 ? `✅ ${codeSpan(file)} is valid.` : `❌ ${codeSpan(file)}: ${count}.`;
  const found = problems.map(
    ({ line, column, message }) => `- ${line}:${column} ${plainText(message)}`,
  );
  const warned = warnings.map(
    ({ file: where = '', line, message }) =>
      `- ⚠️ ${codeSpan(`${where}:${line}`)} ${plainText(message)}`,
  );
  const lists = [found, warned].filter((list) => list.length > 0).map((list) => list.join('\n'));
  return [head, ...lists, unknowable].join('\n\n');
}

const unknowable =
  'What no file shows: whether the signing key is a secret of an environment that only the default branch may use. Look at Settings → Environments.';
