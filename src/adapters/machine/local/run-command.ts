import { execFile, spawn } from 'node:child_process';
import type { CommandResult } from '../../../ports/machine.ts';

const defaultTimeoutMs = 30_000;
/** More than any program that upkeep asks prints. */
const maxBytes = 4 * 1024 * 1024;

/** Runs a program to its end and gives what it printed, in the language of the field. */
export function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  timeout = defaultTimeoutMs,
): Promise<CommandResult> {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', SYSTEMD_COLORS: '0', SYSTEMD_PAGER: '' };
  const options = { timeout, killSignal: 'SIGKILL', maxBuffer: maxBytes, env } as const;
  return new Promise((resolve) => {
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : statusOf(error), stdout, stderr });
    });
    // Whoever asks a question gets no answer.
    child.stdin?.end();
  });
}

/** Runs a program that talks to the person itself. */
export function showCommand([program, ...args]: readonly [string, ...string[]]): Promise<
  number | string
> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    // Ctrl-C reaches the whole process group: the program ends, and this one with its status.
    const heard = (): void => undefined;
    process.on('SIGINT', heard);
    const end = (status: number | string): void => {
      process.off('SIGINT', heard);
      resolve(status);
    };
    child.on('error', (error: NodeJS.ErrnoException) => end(statusOf(error)));
    child.on('exit', (code, signal) => end(code ?? signal ?? 'unknown'));
  });
}

interface Failure {
  readonly code?: string | number | null | undefined;
  readonly killed?: boolean | undefined;
  readonly signal?: NodeJS.Signals | null | undefined;
}

function statusOf({ code, killed, signal }: Failure): number | string {
  if (code === 'ENOENT') return 'not-found';
  if (typeof code === 'number') return code;
  if (killed) return 'timeout';
  return signal ?? code ?? 'unknown';
}
