import type { IncomingMessage, ServerResponse } from 'node:http';
import { asSallyportError } from '../model/errors.ts';
import type { Log } from '../ports/log.ts';
import type { WorkQueue } from '../ports/store.ts';
import { isHandled } from './act-on.ts';
import { laneOf } from './lane-of.ts';
import type { BodyRoom } from './read-body.ts';
import { isSignature, isSignedWith } from './signature.ts';

export interface Receiver {
  readonly secret: string;
  readonly inbox: Pick<WorkQueue, 'put'>;
  /** What bodies are read into. */
  readonly room: BodyRoom;
  readonly log: Log;
  /** Told of every delivery that was written down. */
  readonly wake: () => void;
  /** What stands in the way of work; `null` where nothing does. */
  readonly trouble: () => Promise<string | null>;
}

const webhookPath = '/api/github/webhooks';
/** How long a sender whose body is not wanted may go on before the connection is cut: it reads the answer first. */
const lastReadMs = 500;

/** What is told to the sender: never more than this. */
interface Answer {
  readonly status: number;
  readonly says: string;
}

/** Serves the webhook path, `/healthz` and `/readyz`, and nothing else. */
export async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  receiver: Receiver,
): Promise<void> {
  const { status, says } = await answer(request, receiver);
  const body = JSON.stringify({ ok: status < 400, says });
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${body}\n`);
  if (!request.complete) cutOff(request);
}

async function answer(request: IncomingMessage, receiver: Receiver): Promise<Answer> {
  const path = request.url?.split('?')[0];
  if (path === '/healthz' && request.method === 'GET') return { status: 200, says: 'alive' };
  if (path === '/readyz' && request.method === 'GET') return readiness(receiver);
  if (path !== webhookPath) return { status: 404, says: 'nothing here' };
  if (request.method !== 'POST') return { status: 405, says: 'POST only' };
  const signature = header(request, 'x-hub-signature-256');
  if (!isSignature(signature)) return { status: 401, says: 'not signed' };
  const read = await receiver.room.read(request);
  if (read === 413) return { status: 413, says: 'too large' };
  if (read === 503) return { status: 503, says: 'too much at once; send it again' };
  try {
    return await takeSigned(request, read.body, signature, receiver);
  } finally {
    read.release();
  }
}

async function takeSigned(
  request: IncomingMessage,
  body: Buffer,
  signature: string,
  receiver: Receiver,
): Promise<Answer> {
  if (!isSignedWith(receiver.secret, body, signature)) {
    receiver.log.warn('webhook with a wrong or missing signature', { bytes: body.length });
    return { status: 401, says: 'wrong signature' };
  }
  const [id, event] = [header(request, 'x-github-delivery'), header(request, 'x-github-event')];
  if (!id || !event) return { status: 400, says: 'not a webhook' };
  return take(id, event, body.toString('utf8'), receiver);
}

async function readiness({ trouble }: Receiver): Promise<Answer> {
  const says = await trouble();
  return says === null ? { status: 200, says: 'ready' } : { status: 503, says };
}

/** Acknowledged is only what is on the disk: GitHub never sends it again by itself. */
async function take(
  id: string,
  event: string,
  body: string,
  { inbox, log, wake }: Receiver,
): Promise<Answer> {
  const payload = parseJson(body);
  if (payload === undefined) return { status: 400, says: 'not a webhook' };
  if (!isHandled({ event, payload })) return { status: 200, says: 'nothing to do' };
  try {
    const taken = await inbox.put({ id, kind: event, lane: laneOf(payload), body });
    if (taken === 'seen') return { status: 200, says: 'seen before' };
  } catch (error) {
    log.error('a webhook was not written down', { id, error: asSallyportError(error).message });
    return { status: 503, says: 'cannot be written down; send it again' };
  }
  wake();
  return { status: 202, says: 'taken' };
}

/** What is left of a body is kept nowhere; a sender that does not end soon is cut off. */
function cutOff(request: IncomingMessage): void {
  const timer = setTimeout(() => request.destroy(), lastReadMs);
  request.once('close', () => clearTimeout(timer)).resume();
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
