import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { openGit } from '../../src/adapters/git/open-git.ts';
import { ProcessInit } from '../../src/adapters/init/process/process-init.ts';
import { HttpProbe } from '../../src/adapters/probe/http/http-probe.ts';
import { ExecaPrograms } from '../../src/adapters/programs/execa/execa-programs.ts';
import { builtinProxy } from '../../src/adapters/proxy/builtin/builtin-proxy.ts';
import { FilesConfig } from '../../src/config/files.ts';
import type { Git } from '../../src/ports/git.ts';
import type { Target } from '../../src/targets/target.ts';
import { createFilesTarget } from '../../src/targets/files/create-target.ts';

/** A repository of many small files, a clone of it for git itself, and a target that deploys it. */
export interface FilesScene {
  /** Work tree at the first commit, its index fresh. */
  readonly clone: string;
  /** Makes a commit that changes one file, each time another one. */
  change(): Promise<string>;
  target(sha: string, deployment: number): Target;
  git(words: readonly string[]): string;
  remove(): Promise<void>;
}

export async function openFilesScene(size: number): Promise<FilesScene> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
  const [work, clone, store] = [join(folder, 'work'), join(folder, 'clone'), join(folder, 'store')];
  const run = (cwd: string) => (words: readonly string[]) =>
    execFileSync('git', [...identity, ...words], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    }).trim();
  for (let at = 0; at < size; at += 1) await writeLayer(work, at, 'text');
  run(work)(['init', '--quiet', '--initial-branch=main']);
  const commit = () => {
    run(work)(['add', '--all']);
    run(work)(['commit', '--quiet', '-m', 'a change']);
    return run(work)(['rev-parse', 'HEAD']);
  };
  commit();
  run(work)(['config', 'uploadpack.allowFilter', 'true']);
  run(folder)(['clone', '--quiet', '--no-local', work, clone]);
  await mkdir(store);
  const cache = await openGit({ dir: join(folder, 'cache'), url: `file://${work}` });
  let changed = 0;
  return {
    clone,
    change: async () => {
      await writeLayer(work, (changed += 1), `text ${changed}`);
      const sha = commit();
      await cache.fetch();
      run(clone)(['fetch', '--quiet']);
      return sha;
    },
    target: (sha, deployment) => targetOf(folder, cache, sha, deployment),
    git: run(clone),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'gc.auto=0'];

/** A hundred to a folder, some 200 bytes each. */
async function writeLayer(work: string, at: number, text: string): Promise<void> {
  const path = join(work, 'maps', `${Math.floor(at / 100)}`, `layer-${at}.yaml`);
  if (at % 100 === 0) await mkdir(dirname(path), { recursive: true });
  const fields = ['id', 'name', 'area', 'owner'].map((name) => `  - { name: ${name}, type: text }`);
  await writeFile(
    path,
    [`name: layer-${at}`, `title: ${text}`, 'fields:', ...fields, ''].join('\n'),
  );
}

function targetOf(folder: string, git: Git, sha: string, deployment: number): Target {
  const state = join(folder, 'state');
  const quiet = () => undefined;
  return createFilesTarget({
    environment: 'bench',
    target: 'maps',
    deployment,
    heal: 0,
    operation: 'deploy',
    stage: false,
    sha,
    version: null,
    config: FilesConfig.parse({
      kind: 'files',
      source: 'maps',
      destination: join(folder, 'store/maps'),
      resources: [{ match: '*/*.yaml', type: 'Layer', breaking: ['removed', 'type'] }],
    }),
    paths: { state, envRoot: null, allowed: [join(folder, 'store')] },
    outputs: {},
    params: {},
    isForced: false,
    inherited: {},
    ports: {
      git,
      init: new ProcessInit(join(state, 'slots')),
      proxy: builtinProxy({ state, entry: [process.execPath] }),
      proxyOf: () => Promise.reject(new Error('files have no proxy')),
      programs: new ExecaPrograms(),
      probe: new HttpProbe(),
      clock: systemClock,
      log: { info: quiet, warn: quiet, error: quiet },
    },
    progress: quiet,
  });
}
