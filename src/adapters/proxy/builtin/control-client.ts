import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { SallyportError } from '../../../model/errors.ts';
import { ControlAnswer, type ControlRequest } from './control-messages.ts';

/** So long may the proxy process take for an answer, in ms; for a draining, on top of its own time. */
const patienceMs = 30_000;
/** What a timer of Node can count. */
const longestMs = 2 ** 31 - 1;

/**
 * Asks the proxy process once. Gives `null` where none listens; rejects with the error that it
 * names, or with `proxy_not_answering` (retry) where it says nothing for too long.
 */
export async function askProxy(
  socket: string,
  asked: ControlRequest,
  signal?: AbortSignal,
): Promise<{ readonly value: unknown } | null> {
  const ownMs = asked.op === 'drain' ? asked.timeoutMs : 0;
  const withinMs = Math.min(ownMs + patienceMs, longestMs);
  const body = await exchange(socket, JSON.stringify(asked), withinMs, signal);
  if (body === null) return null;
  const answer = ControlAnswer.parse(JSON.parse(body));
  if (answer.ok) return { value: answer.value };
  throw new SallyportError(answer.error);
}

async function exchange(
  socketPath: string,
  body: string,
  withinMs: number,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const options = { socketPath, method: 'POST', agent: false, ...(signal ? { signal } : {}) };
  return await new Promise((resolve, reject) => {
    const asking = request(options, (answer) => void text(answer).then(resolve, reject));
    const timer = setTimeout(() => asking.destroy(silent(withinMs)), withinMs);
    asking.once('close', () => clearTimeout(timer));
    asking.once('error', (error: NodeJS.ErrnoException) => {
      if (signal?.aborted) reject(signal.reason as Error);
      else if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(error.code ?? '')) {
        resolve(null);
      } else reject(error);
    });
    asking.end(body);
  });
}

function silent(withinMs: number): SallyportError {
  return new SallyportError({
    code: 'proxy_not_answering',
    message: `the proxy process has not answered for ${Math.round(withinMs / 1000)} s`,
    hint: 'see whether it is stopped or swapped out: ps -eo pid,stat,args | grep proxy',
    next: 'retry',
  });
}
