import { spawn } from 'node:child_process';

/** A fixed environment: nothing of this machine's own Git configuration, hooks or prompts. */
export const gitEnvironment: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

interface More {
  readonly input?: Uint8Array | string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs Git in a bare repository and answers with its output, without the last newline; throws when Git fails. */
export async function git(
  directory: string,
  args: readonly string[],
  more: More = {},
): Promise<string> {
  return textOf(await gitBytes(directory, args, more));
}

/** As `git`, for output that is not text. */
export async function gitBytes(
  directory: string,
  args: readonly string[],
  more: More = {},
): Promise<Buffer> {
  const { code, stdout, stderr } = await run(directory, args, more);
  if (code !== 0) throw new Error(`git ${args.join(' ')} failed (${code}): ${stderr}`);
  return stdout;
}

/** As `git`, but undefined when Git exits with an error: for questions that have no answer. */
export async function gitMaybe(
  directory: string,
  args: readonly string[],
): Promise<string | undefined> {
  const { code, stdout } = await run(directory, args, {});
  return code === 0 ? textOf(stdout) : undefined;
}

function textOf(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/\n$/, '');
}

interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Plain `spawn`: execa took three times as long a call (18 ms to 6), and one answer may need several. */
function run(directory: string, args: readonly string[], { input, env }: More): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-C', directory, ...args], { env: { ...gitEnvironment, ...env } });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => stdout.push(part));
    child.stderr.on('data', (part: Buffer) => stderr.push(part));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() });
    });
    // Git may exit before it has read its input; its exit status says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
