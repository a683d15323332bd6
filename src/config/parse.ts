import type { z } from 'zod';
import { AgentConfig } from './agent.ts';
import { check, type ValueProblem } from './issues.ts';
import { overrideProblems } from './override-problems.ts';
import { byPosition, maxProblems, type ConfigProblem } from './problem.ts';
import { readYaml } from './read-yaml.ts';
import { RepositoryConfig } from './repository.ts';

export type Parsed<T> =
  | { readonly ok: true; readonly config: T }
  /** Every problem of the file, in the order of the file; at least one. */
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads the text of a `.github/sallyport.yml`; `file` is only named in problems. Never throws. */
export function parseRepositoryConfig(text: string, file: string): Parsed<RepositoryConfig> {
  return parse(RepositoryConfig, text, file, overrideProblems);
}

/** Reads the text of an `agent.yml`; `file` is only named in problems. Never throws. */
export function parseAgentConfig(text: string, file: string): Parsed<AgentConfig> {
  return parse(AgentConfig, text, file);
}

/** `more` finds what the schema cannot: what depends on other parts of the file. */
function parse<T extends z.ZodType>(
  schema: T,
  text: string,
  file: string,
  more: (value: unknown) => readonly ValueProblem[] = () => [],
): Parsed<z.output<T>> {
  const yaml = readYaml(text, file);
  if (!yaml.ok) return yaml;
  const checked = check(schema, yaml.value);
  const found = [...(checked.ok ? [] : checked.problems), ...more(yaml.value)];
  if (checked.ok && found.length === 0) return { ok: true, config: checked.value };
  const problems = found
    .slice(0, maxProblems)
    .map(({ path, on, ...facts }) => yaml.at(path, on, facts));
  return { ok: false, problems: problems.toSorted(byPosition) };
}
