import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { SallyportError } from '../../../model/errors.ts';
import { ControlAnswer, type ControlRequest } from './control-messages.ts';

/** Asks the proxy process once. Gives `null` where none listens; rejects with the error that it names. */
export async function askProxy(
  socket: string,
  asked: ControlRequest,
  signal?: AbortSignal,
): Promise<{ readonly value: unknown } | null> {
  const body = await exchange(socket, JSON.stringify(asked), signal);
  if (body === null) return null;
  const answer = ControlAnswer.parse(JSON.parse(body));
  if (answer.ok) return { value: answer.value };
  throw new SallyportError(answer.error);
}

async function exchange(
  socketPath: string,
  body: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const options = { socketPath, method: 'POST', agent: false, ...(signal ? { signal } : {}) };
  return await new Promise((resolve, reject) => {
    const asking = request(options, (answer) => void text(answer).then(resolve, reject));
    asking.once('error', (error: NodeJS.ErrnoException) => {
      if (signal?.aborted) reject(signal.reason as Error);
      else if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(error.code ?? '')) {
        resolve(null);
      } else reject(error);
    });
    asking.end(body);
  });
}
