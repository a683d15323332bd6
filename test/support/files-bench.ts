import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { ProcessInit } from '../../src/adapters/init/process/process-init.ts';
import { HttpProbe } from '../../src/adapters/probe/http/http-probe.ts';
import { ExecaPrograms } from '../../src/adapters/programs/execa/execa-programs.ts';
import { FilesConfig } from '../../src/config/files.ts';
import type { TargetContext } from '../../src/targets/context.ts';
import { createFilesTarget } from '../../src/targets/files/create-target.ts';
import { FileProxy } from './file-proxy.ts';
import { FolderGit } from './folder-git.ts';
import { shaOf } from './service-bench.ts';

/** Files by path: their text, `-> target` of a link, `#!` of a program. */
export type Files = Readonly<Record<string, string>>;

const defaults = { kind: 'files', source: 'environments/{environment}' };

/** A repository, a destination and an agent's state, all in one new folder. */
export class FilesBench {
  readonly folder: string;
  readonly git: FolderGit;
  readonly destination: string;
  readonly said: string[] = [];

  constructor(folder: string) {
    this.folder = folder;
    this.git = new FolderGit(folder);
    this.destination = join(folder, 'srv/config');
  }

  static async open(): Promise<FilesBench> {
    const bench = new FilesBench(await mkdtemp(join(tmpdir(), 'sallyport-files-')));
    await mkdir(join(bench.folder, 'srv'));
    return bench;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A commit whose environment `staging` has these files; `other` ones are elsewhere in the repository. */
  async commit(letter: string, files: Files, other: Files = {}): Promise<string> {
    const sha = shaOf(letter);
    const tree = join(this.folder, 'remote', sha);
    await writeFiles(join(tree, 'environments/staging'), files);
    await writeFiles(tree, other);
    return sha;
  }

  target(
    letter: string,
    deployment: number,
    config: object = {},
    change: Partial<TargetContext<FilesConfig>> = {},
  ) {
    return createFilesTarget(this.context(letter, deployment, config, change));
  }

  /** Backs up, applies, verifies; on a failure undoes and rethrows. */
  async deploy(
    letter: string,
    deployment: number,
    config: object = {},
    change: Partial<TargetContext<FilesConfig>> = {},
  ): Promise<void> {
    const target = this.target(letter, deployment, config, change);
    const { signal } = new AbortController();
    try {
      for (const step of target.steps) await step.run(signal);
    } catch (error) {
      for (const step of target.rollback) await step.run(signal);
      throw error;
    }
    for (const step of target.settle) await step.run(signal);
  }

  /** What is at the destination. */
  files(): Promise<Files> {
    return readFiles(this.destination);
  }

  context(
    letter: string,
    deployment: number,
    config: object,
    change: Partial<TargetContext<FilesConfig>>,
  ): TargetContext<FilesConfig> {
    const { folder, git } = this;
    const proxy = new FileProxy(folder);
    const init = new ProcessInit(join(folder, 'state/slots'));
    const quiet = () => undefined;
    return {
      outputs: {},
      params: {},
      isForced: false,
      environment: 'staging',
      target: 'map',
      deployment,
      heal: 0,
      operation: 'deploy',
      stage: false,
      sha: shaOf(letter),
      version: null,
      config: FilesConfig.parse({ ...defaults, destination: this.destination, ...config }),
      paths: { state: join(folder, 'state'), envRoot: null, allowed: [join(folder, 'srv')] },
      inherited: process.env,
      ports: {
        git,
        proxy,
        proxyOf: () => Promise.resolve(proxy),
        init,
        programs: new ExecaPrograms(),
        probe: new HttpProbe(),
        clock: systemClock,
        log: { info: quiet, warn: quiet, error: quiet },
      },
      progress: (line) => void this.said.push(line),
      ...change,
    };
  }
}

export async function writeFiles(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    if (text.startsWith('-> ')) await symlink(text.slice(3), path);
    else await writeFile(path, text);
    if (text.startsWith('#!')) await chmod(path, 0o755);
  }
}

/** Every file below a folder, also through links to folders. */
export async function readFiles(folder: string): Promise<Files> {
  const files: Record<string, string> = {};
  const visit = async (at: string): Promise<void> => {
    for (const entry of await readdir(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      const target = entry.isSymbolicLink() ? await readlink(path) : null;
      const isFolder =
        entry.isDirectory() ||
        target?.includes('.sallyport') === true ||
        target?.includes('/kept/') === true;
      if (isFolder) await visit(path);
      else
        files[relative(folder, path)] =
          target === null ? await readFile(path, 'utf8') : `-> ${target}`;
    }
  };
  await visit(folder);
  return files;
}
