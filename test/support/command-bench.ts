import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { ExecaPrograms } from '../../src/adapters/programs/execa/execa-programs.ts';
import { CommandConfig } from '../../src/config/command.ts';
import type { TargetContext } from '../../src/targets/context.ts';
import { FolderGit } from './folder-git.ts';
import { shaOf } from './service-bench.ts';

type Context = TargetContext<CommandConfig>;

const example = join(import.meta.dirname, '../../docs/examples/command');

/** The example's topics, with what else each commit of it holds. */
export type Topics = Readonly<
  Record<string, { readonly partitions: number; readonly keep: string }>
>;

/** The target of the example, whose broker is a file in `folder`. */
export async function exampleConfig(folder: string): Promise<CommandConfig> {
  const text = await readFile(join(example, '.github/sallyport.yml'), 'utf8');
  const { targets } = parse(text) as { targets: { topics: object } };
  const clear = { TOPICS_FILE: join(folder, 'topics.json') };
  return CommandConfig.parse({ ...targets.topics, env: { clear } });
}

/** A target whose programs are lines of JavaScript, run with what follows them as arguments. */
export function scriptConfig(
  scripts: Readonly<Record<string, string | readonly string[]>>,
  change: object = {},
): CommandConfig {
  const argv = (name: string) => {
    const [script = '', ...words] = [scripts[name]!].flat();
    return [process.execPath, '-e', script, ...words];
  };
  const optional = ['prepare', 'verify', 'rollback', 'outputs'].filter((name) => name in scripts);
  return CommandConfig.parse({
    kind: 'command',
    plan: { run: argv('plan'), ...('show' in scripts && { show: argv('show') }) },
    apply: { run: argv('apply') },
    ...Object.fromEntries(optional.map((name) => [name, { run: argv(name) }])),
    ...change,
  });
}

/** A context with real programs, over a repository that is files in `folder`. */
export function contextOf(folder: string, config: CommandConfig, change: Partial<Context> = {}) {
  const said: string[] = [];
  const none = {} as never;
  const context: Context = {
    outputs: {},
    params: {},
    isForced: false,
    environment: 'production',
    target: 'topics',
    deployment: 1,
    heal: 0,
    operation: 'deploy',
    stage: false,
    sha: shaOf('a'),
    version: null,
    config,
    paths: { state: join(folder, 'state'), allowed: [], envRoot: join(folder, 'env') },
    inherited: process.env,
    ports: {
      git: new FolderGit(folder),
      programs: new ExecaPrograms(),
      clock: systemClock,
      init: none,
      proxy: none,
      proxyOf: none,
      probe: none,
      log: none,
    },
    progress: (line) => void said.push(line),
    ...change,
  };
  return { context, said };
}

export interface CommandBench {
  readonly folder: string;
  /** Adds a commit with these files. */
  commit(letters: string, files: Readonly<Record<string, string>>): Promise<void>;
  /** Adds a commit of the example with other topics. */
  commitTopics(letters: string, topics: Topics): Promise<void>;
  /** What the example's broker has now. */
  topics(): Promise<unknown>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A folder with a repository; nothing of it is left at the end. */
export async function openCommandBench(): Promise<CommandBench> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-command-'));
  const commit: CommandBench['commit'] = async (letters, files) => {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, 'remote', shaOf(letters), name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
  };
  return {
    folder,
    commit,
    commitTopics: async (letters, topics) =>
      commit(letters, {
        'topics.mjs': await readFile(join(example, 'topics.mjs'), 'utf8'),
        'topics.json': JSON.stringify(topics),
      }),
    topics: async () =>
      JSON.parse(await readFile(join(folder, 'topics.json'), 'utf8').catch(() => '{}')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Runs steps one after the other, as the agent does. */
export async function runAll(
  steps: readonly { run(signal: AbortSignal): Promise<void> }[],
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  for (const step of steps) await step.run(signal);
}
