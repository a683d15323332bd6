import { constants } from 'node:fs';
import { access, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../disk/sync-folder.ts';
import { writeAtomically } from '../../disk/write-atomically.ts';
import { SallyportError } from '../../model/errors.ts';
import type { ProxyProblem } from '../../ports/proxy.ts';
import { runCommand } from './run-command.ts';

type Command = readonly [string, ...string[]];

/** What a server that reads its configuration from files is called, and asked to do. */
export interface ServerCommands {
  readonly check: Command;
  readonly reload: Command;
}

/** Writes a file of ours into the server's folder. Rejects with `proxy_refused` where the agent may not. */
export async function writeConfigFile(path: string, text: string, mode = 0o644): Promise<void> {
  try {
    await writeAtomically(path, text, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error;
    const folder = dirname(path);
    throw new SallyportError({
      code: 'proxy_refused',
      message: `the agent may not write to ${folder}`,
      hint: letWrite(folder),
      cause: error,
    });
  }
}

/** Lets the file be as it was; `null`: there was none. */
export async function putBack(path: string, text: string | null): Promise<void> {
  if (text !== null) return await writeAtomically(path, text, 0o644);
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

/** Has the server check all of its configuration. Rejects with `proxy_refused` and its words. */
export async function checkConfig(server: string, { check }: ServerCommands): Promise<void> {
  const words = await runCommand(check);
  if (words === null) return;
  const denied = /bind\(\).*permission denied/i.test(words);
  throw new SallyportError({
    code: denied ? 'port_not_permitted' : 'proxy_refused',
    message: refused(server, words),
    hint: check.join(' '),
  });
}

/** Has the server read its configuration again. */
export async function reloadConfig(server: string, { reload }: ServerCommands): Promise<void> {
  const words = await runCommand(reload);
  if (words === null) return;
  const denied = /denied|authenti|not permitted|permission|a password is required/i.test(words);
  throw new SallyportError(
    denied
      ? {
          code: 'proxy_refused',
          message: `the agent may not reload ${server}: ${words}`,
          hint: `allow it as docs/${server}.md says, then: sallyport agent doctor`,
        }
      : {
          code: 'proxy_not_answering',
          message: `${server} cannot be reloaded: ${words}`,
          hint: `systemctl start ${server}; journalctl -u ${server} -n 20`,
          next: 'retry',
        },
  );
}

export async function folderProblems(
  server: string,
  folder: string,
): Promise<readonly ProxyProblem[]> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return [];
  } catch {
    const message = `the agent may not write to ${folder}, where ${server} reads its routes`;
    return [{ message, hint: letWrite(folder) }];
  }
}

export async function configProblems(
  server: string,
  { check }: ServerCommands,
): Promise<readonly ProxyProblem[]> {
  const words = await runCommand(check);
  if (words === null) return [];
  const hint = /permission denied/i.test(words) ? rootAsks(server) : check.join(' ');
  return [{ message: refused(server, words), hint }];
}

/** What only root may read, only root can check. */
function rootAsks(server: string): string {
  return `have a unit of root's ask it, and name that in agent.yml, proxies.${server}.check: docs/${server}.md says how`;
}

function letWrite(folder: string): string {
  return `sudo install -d -o ${process.getuid?.() ?? 0} ${folder}`;
}

function refused(server: string, words: string): string {
  return `${server} refuses its configuration: ${words}`;
}
