import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Deliveries } from './deliveries.ts';
import { isSignature, isSignedWith } from './signature.ts';

export interface Delivery {
  readonly id: string;
  /** `issue_comment`, `push` … */
  readonly event: string;
  readonly payload: unknown;
}

export interface Receiver {
  readonly secret: string;
  readonly deliveries: Deliveries;
  readonly clock: Clock;
  readonly log: Log;
  /** Acts on a delivery. Where it rejects, the same delivery may come again. */
  handle(delivery: Delivery): Promise<void>;
}

const webhookPath = '/api/github/webhooks';
/** GitHub sends nothing larger. */
const maxBody = 25 * 1024 * 1024;
/** How long a sender whose body is not wanted may go on before the connection is cut: it reads the answer first. */
const lastReadMs = 500;
/** GitHub gives up after 10 s; work that takes longer goes on behind a 202. */
const patienceMs = 8_000;

/** What is told to the sender: never more than this. */
interface Answer {
  readonly status: number;
  readonly says: string;
}

/** Serves the webhook path and `/healthz`, and nothing else. */
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
  if (path !== webhookPath) return { status: 404, says: 'nothing here' };
  if (request.method !== 'POST') return { status: 405, says: 'POST only' };
  const signature = header(request, 'x-hub-signature-256');
  if (!isSignature(signature)) return { status: 401, says: 'not signed' };
  const body = await readBody(request);
  if (!body) return { status: 413, says: 'too large' };
  if (!isSignedWith(receiver.secret, body, signature)) {
    receiver.log.warn('webhook with a wrong or missing signature', { bytes: body.length });
    return { status: 401, says: 'wrong signature' };
  }
  const [id, event] = [header(request, 'x-github-delivery'), header(request, 'x-github-event')];
  const payload = parseJson(body);
  if (!id || !event || payload === undefined) return { status: 400, says: 'not a webhook' };
  if (!receiver.deliveries.take(id)) return { status: 200, says: 'seen before' };
  return act({ id, event, payload }, receiver);
}

async function act(delivery: Delivery, receiver: Receiver): Promise<Answer> {
  const { deliveries, clock, log } = receiver;
  const { id, event } = delivery;
  const outcome = receiver.handle(delivery).then(
    (): Answer => ({ status: 200, says: 'done' }),
    (error: unknown): Answer => {
      deliveries.forget(id);
      log.error('webhook failed', { id, event, error: String(error) });
      return { status: 500, says: 'failed; see the log of the App' };
    },
  );
  const answered = new AbortController();
  const late = clock.sleep(patienceMs, answered.signal).then(
    (): Answer => ({ status: 202, says: 'working on it' }),
    () => outcome,
  );
  const first = await Promise.race([outcome, late]);
  answered.abort();
  return first;
}

/** The body, or `null` as soon as it is known to be too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(header(request, 'content-length') ?? 0) > maxBody) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  // Left early, the request has to live until its answer is written.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
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

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
