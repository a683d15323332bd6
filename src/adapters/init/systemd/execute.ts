import { execa } from 'execa';
import type { Command } from './commands.ts';

/** How a command ended; `null` where it could not be run, or took too long. */
export interface Executed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the host to its end. Never rejects. */
export type Execute = (command: Command) => Promise<Executed>;

/** Longer than a stop takes. */
const timeoutMs = 180_000;

/** On this host. `runtime` is where a user's manager listens; an agent that is itself a service is not told. */
export function executeHere(runtime: string | null): Execute {
  return async ([file, ...args]) => {
    const ended = await execa(file, args, {
      env: { LC_ALL: 'C.UTF-8', ...(runtime !== null && { XDG_RUNTIME_DIR: runtime }) },
      stdin: 'ignore',
      reject: false,
      timeout: timeoutMs,
    });
    const code = ended.exitCode ?? null;
    const stderr = (code === null ? ended.shortMessage : ended.stderr) ?? '';
    return { code, stdout: ended.stdout ?? '', stderr };
  };
}
