import { readFile } from 'node:fs/promises';
import type { AgentConfig } from '../config/agent.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';

/** Reads a token each time that it is needed, so that it may be replaced while the agent runs. */
export type ReadToken = () => Promise<string>;

/** `given` counts where the configuration names no file; absent, there is no token (`null`). */
export function tokenReader({ source }: AgentConfig, given: string | undefined): ReadToken | null {
  const file = source.credentials?.token_file;
  if (file === undefined && given === undefined) return null;
  return async () => {
    const text = file === undefined ? given : await readFile(file, 'utf8').catch(() => '');
    const token = (text ?? '').trim();
    if (token === '') throw tokenMissing(file);
    return token;
  };
}

/** While the agent runs, its file may be away for the moment in which it is replaced. */
export function tokenMissing(file: string | undefined): SallyportError {
  return new SallyportError({
    code: 'token_missing',
    message:
      file === undefined
        ? 'The agent has no token for GitHub.'
        : `The token cannot be read from ${file}.`,
    hint: 'Set SALLYPORT_GITHUB_TOKEN, or source.credentials.token_file in agent.yml.',
    next: 'retry',
    exit: exitCodes.usage,
  });
}
