import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import type { Dispatcher } from 'undici';
import { endToEnd, requestHeaders } from './forward-headers.ts';
import { noHealthySlot, refuse, slotFailed } from './refusal.ts';
import type { Slot } from './slot.ts';

/** What forwarding needs to know of a route. */
export interface Traffic {
  readonly name: string;
  /** The slot that has the traffic now, or why there is none. */
  current(): Slot | string;
}

/** Passes a request to the slot in force, and its answer back; both bodies as they come. */
export function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  traffic: Traffic,
): void {
  const slot = traffic.current();
  if (typeof slot === 'string') {
    refuse(noHealthySlot(traffic.name, slot), request, response);
    return;
  }
  const path = originForm(request.url ?? '');
  if (path === null) {
    const message = 'The request names no path.';
    refuse({ status: 400, code: 'bad_request', message }, request, response);
    return;
  }
  attempt(request, response, path, traffic, slot, isRepeatable(request));
}

/** Sends it once; once more, maybe to another slot by then, where `mayRepeat` and the connection broke first. */
function attempt(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  traffic: Traffic,
  slot: Slot,
  mayRepeat: boolean,
): void {
  const over = slot.begin(() => response.destroy());
  response.once('close', over);
  const answer = new Answer(response, (error) => {
    const code = (error as NodeJS.ErrnoException).code ?? error.name;
    const next = traffic.current();
    if (mayRepeat && brokenConnection.has(code) && typeof next !== 'string') {
      over();
      attempt(request, response, path, traffic, next, false);
    } else refuse(slotFailed(traffic.name, slot.name, code), request, response);
  });
  try {
    const headers = requestHeaders(request.rawHeaders, request.socket.remoteAddress);
    const method = request.method as Dispatcher.HttpMethod;
    slot.pool.dispatch(
      { path, method, headers, body: hasBody(request) ? bodyOf(request) : null },
      answer,
    );
  } catch (error) {
    answer.fail(error as Error);
  }
}

/** What a kept connection gives that the slot closed at the moment it was used again. */
const brokenConnection: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

function isRepeatable(request: IncomingMessage): boolean {
  return ['GET', 'HEAD', 'OPTIONS'].includes(request.method ?? '') && !hasBody(request);
}

/** Takes the slot's answer as undici gives it, and writes it to the client. */
class Answer implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  /** Called where there is no answer, and nothing of one was written. */
  readonly #failed: (error: Error) => void;
  #controller: Dispatcher.DispatchController | null = null;

  constructor(response: ServerResponse, failed: (error: Error) => void) {
    this.#response = response;
    this.#failed = failed;
    response.once('close', () => {
      if (!response.writableFinished) this.#controller?.abort(new Error('the client went away'));
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#response.destroyed) controller.abort(new Error('the client went away'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusMessage = '',
  ): void {
    // Interim answers (100, 103) are the connection's own.
    if (status < 200) return;
    this.#response.writeHead(status, statusMessage, endToEnd(latin1(controller.rawHeaders)));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#response.write(chunk)) return;
    controller.pause();
    this.#response.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    this.#response.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  fail(error: Error): void {
    if (this.#response.destroyed) return;
    // Half an answer must not look like a whole one.
    if (this.#response.headersSent) this.#response.destroy();
    else this.#failed(error);
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** undici destroys a body that is not needed any more; the request itself would take its connection along. */
function bodyOf(request: IncomingMessage): PassThrough {
  return request.pipe(new PassThrough());
}

/** The path of a request line, also where it came in absolute form; `null` for `*` and worse. */
function originForm(target: string): string | null {
  if (target.startsWith('/')) return target;
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return null;
  const { pathname, search } = new URL(target);
  return pathname + search;
}

function latin1(headers: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(headers)) return [];
  return headers.map((text) => (typeof text === 'string' ? text : text.toString('latin1')));
}
