import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { socketPath } from '../agent/control.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';
import { pointerPaths } from '../sandbox/rehearsal/pointer-paths.ts';
import { agentConfigPath, readAgentConfig } from './agent-config.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/**
 * Where the agent on this host answers: as told, by $SALLYPORT_STATE, by its configuration (this user's own, then
 * the host's), or
 * the agent of a `sallyport try` that runs for this user. Throws `agent_not_found`.
 */
export async function findSocket({ options }: Args, world: World): Promise<string> {
  const { socket, config } = options;
  if (typeof socket === 'string') return resolve(world.cwd, socket);
  const state = world.env['SALLYPORT_STATE'];
  if (typeof config !== 'string' && state) return socketPath(resolve(world.cwd, state));
  if (typeof config === 'string') return socketPath((await readAgentConfig(config, world)).state);
  for (const path of [...ownConfigPaths(world.env), agentConfigPath]) {
    const configured = await readAgentConfig(path, world).catch(ignoreMissing);
    if (configured) return socketPath(configured.state);
  }
  const rehearsal = await findRehearsal(world.env);
  if (rehearsal !== null) return rehearsal;
  throw new SallyportError({
    code: 'agent_not_found',
    message: `There is no agent on this host: no ${agentConfigPath}, and no \`sallyport try\` runs.`,
    hint: 'Name one with --config FILE or --socket PATH, or start one: sallyport try',
    exit: exitCodes.notFound,
  });
}

/** Where `agent install --scope user` puts it. */
function ownConfigPaths({ XDG_CONFIG_HOME: configs, HOME: home }: World['env']): readonly string[] {
  const folder = configs || (home && join(home, '.config'));
  return folder ? [join(folder, 'sallyport', 'agent.yml')] : [];
}

const Pointer = z.object({ socket: z.string(), pid: z.int().min(1) });

/** The socket that a running `sallyport try` of this user has left word of. */
async function findRehearsal(env: World['env']): Promise<string | null> {
  const uid = process.getuid?.() ?? 0;
  for (const path of pointerPaths(env, uid)) {
    const socket = await readPointer(path, uid);
    if (socket !== null) return socket;
  }
  return null;
}

/** A file of another user, or one whose program is gone, is not believed. */
async function readPointer(path: string, uid: number): Promise<string | null> {
  try {
    const facts = await stat(path);
    if (facts.uid !== uid || (facts.mode & 0o077) !== 0) return null;
    const { socket, pid } = Pointer.parse(JSON.parse(await readFile(path, 'utf8')));
    process.kill(pid, 0);
    return socket;
  } catch {
    return null;
  }
}

function ignoreMissing(error: unknown): null {
  const isAbsent =
    error instanceof SallyportError &&
    (error.code === 'file_not_found' || error.code === 'file_unreadable');
  if (isAbsent) return null;
  throw error;
}
