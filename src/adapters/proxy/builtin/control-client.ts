import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { SallyportError } from '../../../model/errors.ts';
import { ControlAnswer, type ControlRequest } from './control-messages.ts';

/** So long may the proxy process take for an answer, in ms; for a draining, on top of its own time. */
const patienceMs = 30_000;
/** What a timer of Node can count. */
const longestMs = 2 ** 31 - 1;
const movedCode = 'proxy_handed_over';

/**
 * Asks the proxy process once. Gives `null` where none listens; rejects with the error that it
 * names, or with `proxy_not_answering` (retry) where it says nothing for too long.
 */
export async function askProxy(
  socket: string,
  asked: ControlRequest,
  signal?: AbortSignal,
): Promise<{ readonly value: unknown } | null> {
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await askOnce(socket, asked, signal);
      if (answer !== 'cut off') return answer;
      if (tries >= 3 || asked.op === 'hand-over') return null;
    } catch (error) {
      // Its successor answers at the same place, by the next connection.
      if (!(error instanceof SallyportError) || error.code !== movedCode || tries > 50) throw error;
    }
    await sleep(20);
  }
}

/** What a process says that does not decide any more. */
export function handedOver(): SallyportError {
  const message = 'another proxy process has taken over';
  return new SallyportError({ code: movedCode, message, hint: 'ask again', next: 'retry' });
}

async function askOnce(
  socket: string,
  asked: ControlRequest,
  signal: AbortSignal | undefined,
): Promise<{ readonly value: unknown } | 'cut off' | null> {
  const ownMs = asked.op === 'drain' ? asked.timeoutMs : 0;
  const withinMs = Math.min(ownMs + patienceMs, longestMs);
  const said = await exchange(socket, JSON.stringify(asked), withinMs, signal);
  if (said === null || said === 'cut off') return said;
  const answer = ControlAnswer.parse(JSON.parse(said.body));
  if (answer.ok) return { value: answer.value };
  throw new SallyportError(answer.error);
}

async function exchange(
  socketPath: string,
  body: string,
  withinMs: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly body: string } | 'cut off' | null> {
  const options = { socketPath, method: 'POST', agent: false, ...(signal ? { signal } : {}) };
  return await new Promise((resolve, reject) => {
    const asking = request(options, (answer) => {
      text(answer).then((said) => resolve({ body: said }), reject);
    });
    const timer = setTimeout(() => asking.destroy(silent(withinMs)), withinMs);
    asking.once('close', () => clearTimeout(timer));
    asking.once('error', (error: NodeJS.ErrnoException) => {
      if (signal?.aborted) reject(signal.reason as Error);
      else if (['ENOENT', 'ECONNREFUSED'].includes(error.code ?? '')) resolve(null);
      else if (['ECONNRESET', 'EPIPE'].includes(error.code ?? '')) resolve('cut off');
      else reject(error);
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
