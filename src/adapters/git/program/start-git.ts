import { execa } from 'execa';
import { gitLimits } from '../git-limits.ts';
import { gitEnvironment, type GitAccess } from './environment.ts';

export interface GitOptions {
  readonly cwd: string;
  readonly input?: string;
  readonly access?: GitAccess;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** `false` where the caller reads the output as it comes, however much it is. */
  readonly buffer?: boolean;
  /** What is said to and by the server goes to standard error. */
  readonly tracesPackets?: boolean;
}

const fixed = {
  extendEnv: false,
  reject: false,
  stripFinalNewline: false,
  detached: true,
} as const;

/**
 * Starts git in a process group of its own: ended alone, it would leave its
 * `git-remote-https` behind, which goes on waiting for the server and holds our pipes open.
 * `end` ends them all; `ranOut` tells whether they were ended because they took too long.
 */
export function startGit(args: readonly string[], options: GitOptions) {
  const { cwd, input = '', access = null, buffer = true, signal } = options;
  const { timeoutMs = gitLimits.readMs } = options;
  signal?.throwIfAborted();
  let ranOut = false;
  const trace = options.tracesPackets ? { GIT_TRACE_PACKET: '1' } : {};
  const env = { ...gitEnvironment(process.env['PATH'], access), ...trace };
  const settings = { ...fixed, cwd, input, env, buffer, maxBuffer: gitLimits.listBytes };
  const subprocess = execa('git', args, settings);
  const end = () => endGroup(subprocess.pid);
  const timer = setTimeout(() => {
    ranOut = true;
    end();
  }, timeoutMs);
  signal?.addEventListener('abort', end);
  const settle = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  };
  void subprocess.then(settle, settle);
  return { subprocess, end, ranOut: () => ranOut };
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
