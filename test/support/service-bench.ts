import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { ProcessInit } from '../../src/adapters/init/process/process-init.ts';
import { HttpProbe } from '../../src/adapters/probe/http/http-probe.ts';
import { ExecaPrograms } from '../../src/adapters/programs/execa/execa-programs.ts';
import { ServiceConfig } from '../../src/config/service.ts';
import type { TargetContext } from '../../src/targets/context.ts';
import { FileProxy, serveFileProxy } from './file-proxy.ts';
import { FolderGit } from './folder-git.ts';

/** A program that answers with the version that it was told; `behave` is code that runs first. */
export const serverSource = (behave = '') => `
  const { SALLYPORT_VERSION, PORT, SALLYPORT_SOCKET } = process.env;
  console.log('starting ' + SALLYPORT_VERSION);
  let version = SALLYPORT_VERSION;
  let status = 200;
  ${behave}
  require('node:http').createServer((request, response) => {
    response.statusCode = status;
    response.end(request.url === '/env' ? JSON.stringify(process.env) : request.url === '/version' ? version : 'pong');
  }).listen(...(SALLYPORT_SOCKET ? [SALLYPORT_SOCKET] : [Number(PORT), '127.0.0.1']));
`;

export const shaOf = (letters: string): string => letters.repeat(40).slice(0, 40);

export const configOf = (change: object = {}): ServiceConfig => ({
  ...ServiceConfig.parse({
    kind: 'service',
    run: [process.execPath, 'server.js'],
    ports: { blue: 1, green: 2 },
    health: { interval: '10ms', deadline: '5s', timeout: '1s', version: { path: '/version' } },
    proxy: { listen: 0 },
  }),
  ports: { blue: 0, green: 0 },
  ...change,
});

/** A context with real programs, over a repository and a proxy that are files in `folder`. */
export function contextOf(folder: string, change: Partial<TargetContext<ServiceConfig>> = {}) {
  const git = new FolderGit(folder);
  const proxy = new FileProxy(folder);
  const init = new ProcessInit(join(folder, 'state', 'slots', 'run'));
  const said: string[] = [];
  const proxyOf = () => Promise.resolve(new FileProxy(join(folder, 'other')));
  const ports = {
    git,
    proxy,
    proxyOf,
    init,
    programs: new ExecaPrograms(),
    probe: new HttpProbe(),
  };
  const context: TargetContext<ServiceConfig> = {
    outputs: {},
    params: {},
    isForced: false,
    environment: 'staging',
    target: 'web',
    deployment: 1,
    heal: 0,
    operation: 'deploy',
    stage: false,
    sha: shaOf('a'),
    version: null,
    config: configOf(),
    paths: { state: join(folder, 'state'), allowed: [], envRoot: join(folder, 'env') },
    inherited: process.env,
    ports: { ...ports, clock: systemClock, log: { info: quiet, warn: quiet, error: quiet } },
    progress: (line) => void said.push(line),
    ...change,
  };
  return { context, git, proxy, init, said };
}

export interface Bench {
  readonly folder: string;
  /** Adds a commit. */
  commit(letter: string, files: Readonly<Record<string, string>>): Promise<void>;
  /** GET through the proxy. */
  get(path: string): Promise<{ readonly status: number; readonly body: string }>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A folder with a repository and a running proxy; at its end nothing runs and nothing is left. */
export async function openBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-service-'));
  const server = await serveFileProxy(folder);
  return {
    folder,
    commit: (letter, files) => writeFiles(join(folder, 'remote', shaOf(letter)), files),
    get: async (path) => {
      const { port } = new FileProxy(folder).read();
      const answer = await fetch(`http://127.0.0.1:${port}${path}`);
      return { status: answer.status, body: await answer.text() };
    },
    [Symbol.asyncDispose]: () => closeBench(folder, server),
  };
}

async function closeBench(folder: string, server: Server): Promise<void> {
  const { init } = contextOf(folder);
  await init.stop('staging.web.blue', 0);
  await init.stop('staging.web.green', 0);
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
  await rm(folder, { recursive: true, force: true });
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

function quiet(): void {
  // A test reads what it needs from the target itself.
}
