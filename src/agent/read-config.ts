import { parseRepositoryConfig } from '../config/parse.ts';
import type { ConfigProblem } from '../config/problem.ts';
import { maxConfigBytes } from '../config/read-yaml.ts';
import type { RepositoryConfig } from '../config/repository.ts';
import type { Sha } from '../model/job.ts';
import type { Git } from '../ports/git.ts';

export const configPath = '.github/sallyport.yml';

/** What a commit configures, or why that cannot be told. */
export type ConfigAt =
  | { readonly ok: true; readonly config: RepositoryConfig }
  | {
      readonly ok: false;
      /** There is no such file. */
      readonly isMissing: boolean;
      /** The first thing that is wrong in it. */
      readonly problem: ConfigProblem | undefined;
      /** In words. */
      readonly why: string;
    };

export async function readConfig(git: Pick<Git, 'readFile'>, sha: Sha): Promise<ConfigAt> {
  const text = await git.readFile(sha, configPath, maxConfigBytes);
  const where = `${configPath} at ${sha.slice(0, 7)}`;
  if (text === null) {
    return { ok: false, isMissing: true, problem: undefined, why: `there is no ${where}` };
  }
  const parsed = parseRepositoryConfig(text, configPath);
  if (parsed.ok) return { ok: true, config: parsed.config };
  const [problem] = parsed.problems;
  const { line, message } = problem ?? { line: 1, message: 'it cannot be read' };
  return { ok: false, isMissing: false, problem, why: `${where}, line ${line}: ${message}` };
}
