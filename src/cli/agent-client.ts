import { once } from 'node:events';
import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { exitOfStatus } from '../agent/control-answers.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';

/** An answer of the agent, its body not yet read. Throws what the agent refused with, and `agent_unreachable`. */
export async function askAgent(
  socket: string,
  path: string,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  return await ask({ socketPath: socket, path, ...(signal ? { signal } : {}) });
}

/** The JSON document at a path of the agent. */
export async function askAgentJson<T>(socket: string, path: string): Promise<T> {
  return JSON.parse(await text(await askAgent(socket, path))) as T;
}

/** What the agent answers to a document. */
export async function sendAgentJson<T>(socket: string, path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const options = { socketPath: socket, path, method: 'POST', headers };
  return JSON.parse(await text(await ask(options, JSON.stringify(body)))) as T;
}

async function ask(
  options: RequestOptions & { readonly socketPath: string },
  body?: string,
): Promise<IncomingMessage> {
  const asking = request(options);
  asking.end(body);
  let answer: IncomingMessage;
  try {
    [answer] = (await once(asking, 'response')) as [IncomingMessage];
  } catch (cause) {
    throw unreachable(options.socketPath, cause);
  }
  if (answer.statusCode === 200) return answer;
  throw refusalOf(answer.statusCode ?? 0, await text(answer));
}

const Refusal = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});

function refusalOf(status: number, body: string): SallyportError {
  const exit = exitOfStatus(status);
  try {
    return new SallyportError({ ...Refusal.parse(JSON.parse(body)).error, exit });
  } catch (cause) {
    const message = `The agent answered with ${status}.`;
    return new SallyportError({ code: 'agent_odd_answer', message, exit, cause });
  }
}

function unreachable(socket: string, cause: unknown): SallyportError {
  const { code } = cause as NodeJS.ErrnoException;
  const isDenied = code === 'EACCES' || code === 'EPERM';
  return new SallyportError({
    code: isDenied ? 'agent_forbidden' : 'agent_unreachable',
    message: isDenied
      ? `The agent at ${socket} answers only to its own user.`
      : `No agent answers at ${socket} (${code ?? String(cause)}).`,
    hint: isDenied ? 'Ask as the user that the agent runs as.' : 'Start it: sallyport agent run',
    exit: exitCodes.unreachable,
    cause,
  });
}
