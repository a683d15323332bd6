import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hooks } from '../config/hooks.ts';
import type { TargetContext } from './context.ts';
import { buildEnvironment } from './environment.ts';
import { failingAs } from './failures.ts';
import { fillCommand } from './fill-placeholders.ts';
import { outputVariables } from './output-variables.ts';
import { paramVariables } from './param-variables.ts';
import { programFolder } from './program-folder.ts';
import { listReleases, ReleaseFolder, removeRelease } from './release.ts';
import { routeOf } from './route.ts';
import { envRootOf, loadSecrets } from './secrets.ts';
import { chooseVersion } from './service/choose-version.ts';
import { StepFailure } from './target.ts';

export type HookName = 'before' | 'after' | 'on_failure';

/**
 * Runs a hook of the commit, in its files as they are in the repository; `url` is where its target
 * answers, where it does. Rejects with a StepFailure where it does not end with 0.
 */
export async function runHook(
  context: TargetContext,
  hooks: Hooks,
  name: HookName,
  url: string | null,
  signal: AbortSignal,
): Promise<void> {
  const command = hooks[name];
  if (command === undefined) return;
  const tree = await failingAs('layout_failed', signal, () => layOut(context, signal));
  const { config, paths, sha, environment, target, inherited, ports } = context;
  const directory = await programFolder(tree, 'path' in config ? config.path : '.');
  const version = await versionOf(context, directory);
  const env = 'env' in config ? config.env : { clear: {}, secret: [] };
  const secrets = await loadSecrets(paths.envRoot, version, env.secret);
  const envRoot = await envRootOf(paths.envRoot, version);
  const values = { version, sha, environment, release: tree, env_root: envRoot ?? '' };
  const log = join(paths.state, 'logs', `${routeOf(environment, target)}.hook-${name}.log`);
  context.progress(`${name}: ${command[0]}`);
  await rm(log, { force: true });
  const { status, tail } = await ports.programs.run(
    {
      command: fillCommand(command, values),
      directory,
      env: buildEnvironment({
        inherited,
        clear: env.clear,
        secrets,
        version,
        sha,
        envRoot,
        ...(url === null ? {} : { url }),
        own: {
          SALLYPORT_ENVIRONMENT: environment,
          SALLYPORT_TARGET: target,
          ...outputVariables(context.outputs),
          ...paramVariables(context.params),
        },
      }),
      secrets: Object.values(secrets),
      log,
      timeoutMs: hooks.timeout,
    },
    signal,
  );
  if (status === 0) return;
  const how =
    status === 'timeout' ? `did not end within ${hooks.timeout / 1_000} s` : `ended with ${status}`;
  throw new StepFailure('hook_failed', `hook ${name} (${command.join(' ')}) ${how}`, tail);
}

/** As the target's own programs are told. */
async function versionOf(
  { config, operation, sha, version: tag }: TargetContext,
  directory: string,
): Promise<string> {
  if (config.kind !== 'service') return tag ?? sha.slice(0, 7);
  const file = await readFile(join(directory, 'VERSION'), 'utf8').catch(() => null);
  return chooseVersion({ sha, operation, tag, slots: [], file });
}

/** Nobody runs a hook of this target any more. */
export async function clearHooks(context: TargetContext): Promise<void> {
  const folder = folderOf(context);
  for (const { sha } of await listReleases(folder)) await removeRelease(folder, sha);
}

/** Apart from what a service is built from: hooks run before there is a build, and for kinds without one. */
async function layOut(context: TargetContext, signal: AbortSignal): Promise<string> {
  const { sha, ports } = context;
  const release = new ReleaseFolder(folderOf(context), sha, {});
  if ((await release.making()) !== null) return release.tree;
  await clearHooks(context);
  if (!(await ports.git.has(sha))) await ports.git.fetch(signal);
  await release.replaceTree((destination) => ports.git.layOut(sha, '.', destination, signal));
  return release.tree;
}

function folderOf({ environment, target, paths }: TargetContext): string {
  return join(paths.state, 'hooks', routeOf(environment, target));
}
