import { execa } from 'execa';

/** A fixed environment: nothing of this machine's own Git configuration, hooks or prompts. */
export const gitEnvironment: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

const options = { env: gitEnvironment, extendEnv: false, stripFinalNewline: true } as const;

/** Runs Git in a bare repository and answers with its output; throws when Git does. */
export async function git(
  directory: string,
  args: readonly string[],
  input?: Uint8Array | string,
): Promise<string> {
  const { stdout } = await execa('git', ['-C', directory, ...args], {
    ...options,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  return stdout;
}

/** As `git`, for output that is not text. */
export async function gitBytes(directory: string, args: readonly string[]): Promise<Buffer> {
  const { stdout } = await execa('git', ['-C', directory, ...args], {
    ...options,
    stdin: 'ignore',
    encoding: 'buffer',
    stripFinalNewline: false,
  });
  return Buffer.from(stdout);
}

/** As `git`, but undefined when Git exits with an error: for questions that have no answer. */
export async function gitMaybe(
  directory: string,
  args: readonly string[],
): Promise<string | undefined> {
  const { stdout, failed } = await execa('git', ['-C', directory, ...args], {
    ...options,
    stdin: 'ignore',
    reject: false,
  });
  return failed ? undefined : stdout;
}
