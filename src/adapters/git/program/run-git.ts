import { startGit, type GitOptions } from './start-git.ts';

export interface GitResult {
  /** Exit code; `null` where git was ended by a signal, ran out of time or could not be started. */
  readonly code: number | null;
  readonly stdout: string;
  /** Without passwords; for people. */
  readonly complaint: string;
}

/** Runs git to its end. Rejects only with the signal's reason; what git did is in the result. */
export async function runGit(args: readonly string[], options: GitOptions): Promise<GitResult> {
  const git = startGit(args, options);
  const result = await git.subprocess;
  options.signal?.throwIfAborted();
  const complaint = git.ranOut() ? 'it took too long' : (result.stderr ?? '').trim();
  return {
    code: result.exitCode ?? null,
    stdout: result.stdout ?? '',
    complaint: withoutPasswords(complaint || (result.originalMessage ?? '')),
  };
}

/** As `runGit`, for what only fails when the cache itself is broken. */
export async function mustRunGit(args: readonly string[], options: GitOptions): Promise<string> {
  const { code, stdout, complaint } = await runGit(args, options);
  if (code !== 0) throw new Error(`git ${args[0]} in ${options.cwd} failed: ${complaint}`);
  return stdout;
}

function withoutPasswords(text: string): string {
  return text.replace(/\/\/[^/\s@]+@/g, '//').slice(-2000);
}
