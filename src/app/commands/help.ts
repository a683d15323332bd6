import { helpComment } from '../../report/answer-markdown.ts';
import { commandTable } from '../../command/table.ts';
import { readPolicy } from '../configuration.ts';
import type { Answer } from '../answer.ts';
import type { AppWorld } from '../world.ts';

/** `/help`: the table of commands, and the environments where there is a policy that can be read. */
export async function help(
  answer: Answer,
  { github, repository }: Pick<AppWorld, 'github' | 'repository'>,
): Promise<void> {
  const environments = await readPolicy(github, repository.defaultBranch).then(
    ({ config }) => Object.keys(config.environments),
    () => [],
  );
  await answer.write(helpComment(commandTable, environments));
}
