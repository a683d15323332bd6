import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { World } from '../cli/world.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';
import { parts } from './parts.ts';

/** The world of a person or a script at a terminal. */
export function terminalWorld(): World {
  const leaving = new AbortController();
  let isHeard = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    // `sallyport … | head` closes our output early; that is no error of anybody. A verb that
    // waits for the signal has something to put in order first.
    if (!isHeard) process.exit(exitCodes.done);
    leaving.abort(error.code);
  });
  // Nobody is left to tell; an agent whose log is on a full disk, or gone, goes on.
  process.stderr.on('error', () => undefined);
  return {
    stdout: streamOf(process.stdout),
    stderr: streamOf(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    readFile: readWholeFile,
    get signal() {
      if (!isHeard) hearSignals(leaving);
      isHeard = true;
      return leaving.signal;
    },
    parts,
  };
}

function streamOf(stream: NodeJS.WriteStream): World['stdout'] {
  return {
    write: (text) => void stream.write(text),
    // Node leaves it out on what is no terminal, whatever its types say.
    isTTY: Boolean(stream.isTTY),
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
  };
}

/** The first signal asks to leave in order, the second one leaves. */
function hearSignals(leaving: AbortController): void {
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  // The terminal was closed. Where there is none, `nohup` may have said that it is to be ignored.
  if (process.stdout.isTTY || process.stderr.isTTY) names.push('SIGHUP');
  for (const name of names) {
    process.on(name, () => {
      if (leaving.signal.aborted) process.exit(exitCodes.failed);
      leaving.abort(name);
    });
  }
}

async function readWholeFile(path: string, maxBytes: number): Promise<Uint8Array> {
  const text = await readAtMost(path, maxBytes + 1).catch((cause: unknown) => {
    throw fileError(path, cause);
  });
  if (text.length <= maxBytes) return text;
  throw new SallyportError({
    code: 'file_too_large',
    message: `${path} is larger than ${maxBytes} bytes.`,
    exit: exitCodes.usage,
  });
}

async function readAtMost(path: string, bytes: number): Promise<Uint8Array> {
  const file = await open(resolve(path));
  try {
    const buffer = new Uint8Array(bytes);
    let length = 0;
    while (length < bytes) {
      const { bytesRead } = await file.read(buffer, length, bytes - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

function fileError(path: string, cause: unknown): SallyportError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new SallyportError({
      code: 'file_not_found',
      message: `There is no file ${path}.`,
      exit: exitCodes.notFound,
      cause,
    });
  }
  return new SallyportError({
    code: 'file_unreadable',
    message: `${path} cannot be read: ${code}.`,
    exit: exitCodes.failed,
    cause,
  });
}
