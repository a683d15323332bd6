import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { SallyportError } from '../../../model/errors.ts';
import { askProxy } from './control-client.ts';
import { proxyFiles } from './control-messages.ts';

const patienceMs = 15_000;

/**
 * Starts the proxy process on its own: no parent to end with, no terminal, no secrets in
 * its environment. Two that start at once are one in the end. Resolves when it answers.
 */
export async function startProxy(state: string, entry: readonly string[]): Promise<void> {
  const { folder, socket, log } = proxyFiles(state);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const child = await spawnApart(folder, log, [...entry, '--state', state]);
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const serving = await askProxy(socket, { op: 'ping' });
    if (serving) {
      // Somebody else's was first. Ours must not take over later, when nobody counts on it.
      if (serving.value !== child.pid) child.kill('SIGKILL');
      return;
    }
    await setTimeout(25);
  }
  throw new SallyportError({
    code: 'proxy_not_answering',
    message: `the proxy process did not answer within ${patienceMs / 1000} s`,
    hint: `see ${log}`,
    next: 'retry',
  });
}

async function spawnApart(
  cwd: string,
  log: string,
  args: readonly string[],
): Promise<ChildProcess> {
  const output = await open(log, 'a', 0o600);
  try {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', output.fd, output.fd],
      detached: true,
    });
    child.on('error', () => {});
    child.unref();
    return child;
  } finally {
    await output.close();
  }
}
