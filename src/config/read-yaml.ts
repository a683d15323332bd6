import { LineCounter, parseAllDocuments, type Document, type YAMLError } from 'yaml';
import { checkNodes } from './check-nodes.ts';
import { locate } from './locate.ts';
import { byPosition, maxProblems, pathText, type ConfigProblem, type Path } from './problem.ts';

/** A configuration file may not be larger than this. */
export const maxConfigBytes = 1024 * 1024;
/** How often aliases may be expanded, aliases inside of what they expand to counted. */
const maxAliases = 100;

export type YamlFile =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** The problem, with the position of the key or the value at `path`, or of what is around it. */
      readonly at: (path: Path, on: 'key' | 'value', facts: Facts) => ConfigProblem;
    }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

type Facts = Pick<ConfigProblem, 'message' | 'expected' | 'did_you_mean'>;

/** Reads one YAML document and keeps where everything in it stands. Never throws. */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const problem = (offset: number, path: Path, facts: Facts): ConfigProblem => {
    const { line, col } = lines.linePos(offset);
    return {
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      ...facts,
      path: shorten(pathText(path)),
      message: shorten(facts.message),
    };
  };
  const refuse = (message: string): YamlFile => ({
    ok: false,
    problems: [problem(0, [], { message })],
  });

  if (Buffer.byteLength(text) > maxConfigBytes) return refuse('The file is larger than 1 MiB.');
  let documents: readonly Document[];
  try {
    documents = [
      ...parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false }),
    ];
  } catch {
    return refuse('The file is nested too deeply.');
  }
  const [document, second] = documents;
  if (!document || (document.contents === null && document.errors.length === 0)) {
    return refuse('The file is empty.');
  }
  if (document.errors.some(({ message }) => message.startsWith('Maximum call stack'))) {
    return refuse('The file is nested too deeply.');
  }
  const problems = [...document.errors, ...document.warnings].map((error) =>
    problem(error.pos[0], [], { message: sentenceOf(error) }),
  );
  if (second) {
    const message = 'The file has more than one document (`---`); one is read.';
    problems.push(problem(second.range?.[0] ?? 0, [], { message }));
  }
  for (const { offset, path, message } of checkNodes(document)) {
    problems.push(problem(offset, path, { message }));
  }
  if (problems.length > 0) {
    return { ok: false, problems: problems.toSorted(byPosition).slice(0, maxProblems) };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: maxAliases });
    return {
      ok: true,
      value,
      at: (path, on, facts) => problem(locate(document, path, on), path, facts),
    };
  } catch {
    return refuse(`The file expands aliases more than ${maxAliases} times.`);
  }
}

const sentences: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'A tab cannot indent YAML; use spaces.',
  BAD_ALIAS: 'An alias (`*name`) cannot be read; quote it if a star was meant.',
};

function sentenceOf({ code, message }: YAMLError): string {
  const text = sentences[code] ?? message.replaceAll(/\s+/g, ' ');
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A hostile file does not decide how long a message is. */
function shorten(text: string): string {
  return text.length > 400 ? `${text.slice(0, 399)}…` : text;
}
