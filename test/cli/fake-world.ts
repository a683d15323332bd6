import type { Parts } from '../../src/cli/parts.ts';
import type { World } from '../../src/cli/world.ts';
import { SallyportError, exitCodes } from '../../src/model/errors.ts';

/** A world without a terminal that holds what was written, and files by path. */
export function fakeWorld(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  isTTY = false,
) {
  const written = { stdout: '', stderr: '' };
  const streamOf = (name: 'stdout' | 'stderr'): World['stdout'] => ({
    write: (text) => void (written[name] += text),
    isTTY,
  });
  const world: World = {
    stdout: streamOf('stdout'),
    stderr: streamOf('stderr'),
    env: {},
    cwd: '/',
    readFile: async (path) => {
      const content = files[path];
      if (content !== undefined) return Buffer.from(content);
      throw new SallyportError({
        code: 'file_not_found',
        message: `There is no file ${path}.`,
        exit: exitCodes.notFound,
      });
    },
    signal: new AbortController().signal,
    parts: {} as Parts,
  };
  return { world, written };
}
