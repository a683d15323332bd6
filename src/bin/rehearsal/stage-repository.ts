import { join } from 'node:path';
import { parseRepositoryConfig } from '../../config/parse.ts';
import type { ConfigProblem } from '../../config/problem.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { StandIn } from '../../sandbox/github/stand-in.ts';
import { assumeConfig } from '../../sandbox/rehearsal/assume-config.ts';
import { rehearseConfig } from '../../sandbox/rehearsal/rehearse-config.ts';
import { sampleConfig } from '../../sandbox/sample/config.ts';
import { sampleFiles } from '../../sandbox/sample/service.ts';
import type { Narrator } from '../../sandbox/tour/narrator.ts';
import { freePorts } from './free-ports.ts';
import type { OwnRepository } from './own-repository.ts';

export interface Staged {
  /** `owner/name` at the stand-in. */
  readonly repository: string;
  /** Where each target is reached, by name. */
  readonly urls: Readonly<Record<string, string>>;
  /** The config as it stands in the stand-in's repository. */
  readonly config: string;
}

export interface StageHost {
  readonly agent: string;
  readonly agentKey: string;
}

const configPath = '.github/sallyport.yml';

/** The sample repository with its first release on the default branch. */
export async function stageSample(
  github: StandIn,
  owner: string,
  host: StageHost,
): Promise<Staged> {
  const [listen = 0, blue = 0, green = 0] = await freePorts(3);
  const config = sampleConfig({ ...host, listen, blue, green });
  const files = { ...sampleFiles('1.0.0', 'good'), [configPath]: config };
  await github.createRepository({ owner, name: 'hello', files });
  return { repository: `${owner}/hello`, urls: { web: localUrl(listen) }, config };
}

/** A copy of somebody's own repository, its config made playable here, with what is different told. */
export async function stageOwn(
  github: StandIn,
  owner: string,
  own: OwnRepository,
  environment: string,
  host: StageHost,
  say: Narrator,
): Promise<Staged> {
  if (own.isDirty) say.note('Changes that are not committed are not part of this.');
  if (own.config !== null) assertValid(own.config, own.path);
  const given = own.config ?? assumeConfig(own, environment);
  if (own.config === null) {
    say.note(
      `There is no ${configPath} in the last commit. It has npm start, so this is assumed; keep it as ${configPath} if it suits you:`,
    );
    say.quote(given.trimEnd().split('\n'));
  }
  const ports = [...(await freePorts(60))];
  const freePort = () => ports.pop() ?? 0;
  const { text, changes, listens } = rehearseConfig(given, environment, { ...host, freePort });
  if (own.config !== null) {
    say.note('Here is not production, so for the rehearsal:');
    for (const change of changes) say.note(`- ${change}`);
  }
  const { name, path: importFrom, branch: defaultBranch } = own;
  await github.createRepository({ owner, name, defaultBranch, importFrom });
  const repository = `${owner}/${name}`;
  await github.commit({
    repository,
    files: { [configPath]: text },
    message: 'Rehearse on this machine',
  });
  const urls = Object.entries(listens).map(([target, port]) => [target, localUrl(port)] as const);
  return { repository, urls: Object.fromEntries(urls), config: text };
}

function assertValid(config: string, path: string): void {
  const parsed = parseRepositoryConfig(config, configPath);
  if (parsed.ok) return;
  const [{ line, message }, ...others] = parsed.problems as [ConfigProblem, ...ConfigProblem[]];
  throw new SallyportError({
    code: 'config_invalid',
    message: `${configPath} in the last commit, line ${line}: ${message}${others.length > 0 ? ` And ${others.length} more.` : ''}`,
    hint: `sallyport validate ${join(path, configPath)}`,
    exit: exitCodes.usage,
  });
}

function localUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}
