import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { SallyportError } from '../../../model/errors.ts';
import { askProxy } from './control-client.ts';
import { PingValue, proxyFiles } from './control-messages.ts';
import { startCommand, startUnit, type ProxyUnit } from './start-unit.ts';

const patienceMs = 15_000;

/**
 * Starts the proxy process: the unit that it has, or else on its own, with no parent to end with, no
 * terminal, no secrets in its environment. Two that start at once are one in the end. Resolves when it
 * answers.
 */
export async function startProxy(
  state: string,
  entry: readonly string[],
  unit: ProxyUnit | null = null,
): Promise<void> {
  const { folder, socket, log } = proxyFiles(state);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (unit !== null) return await startAsUnit(socket, unit);
  const child = await spawnApart(folder, log, [...entry, '--state', state]);
  const serving = await untilServing(socket);
  if (serving === null) throw notAnswering('', `see ${log}`);
  // Somebody else's was first. Ours must not take over later, when nobody counts on it.
  const other = PingValue.safeParse(serving.value);
  if (other.data?.pid !== child.pid) child.kill('SIGKILL');
}

async function startAsUnit(socket: string, unit: ProxyUnit): Promise<void> {
  const complaint = await startUnit(unit);
  if ((await untilServing(socket)) !== null) return;
  const why = complaint === null ? '' : `; systemd says: ${complaint}`;
  throw notAnswering(why, `as root, or as its user: ${startCommand(unit)}`);
}

async function untilServing(socket: string): Promise<{ readonly value: unknown } | null> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const serving = await askProxy(socket, { op: 'ping' });
    if (serving) return serving;
    await setTimeout(25);
  }
  return null;
}

function notAnswering(why: string, hint: string): SallyportError {
  return new SallyportError({
    code: 'proxy_not_answering',
    message: `the proxy process did not answer within ${patienceMs / 1000} s${why}`,
    hint,
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
