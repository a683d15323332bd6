import type { Dispatcher } from 'undici';
import type { Exchange } from './exchange.ts';
import { endToEnd, requestHeaders } from './forward-headers.ts';
import { refuse, slotFailed, type Refusal } from './refusal.ts';
import type { Slot } from './slot.ts';
import type { Traffic } from './traffic.ts';

/** Passes a request to the slot that is chosen, and its answer back; both bodies as they come. */
export function forwardRequest(exchange: Exchange, traffic: Traffic): void {
  const forwarding = new Forwarding(exchange, traffic);
  const path = originForm(exchange.target);
  if (path === null) {
    const message = 'The request names no path.';
    forwarding.refuse({ status: 400, code: 'bad_request', message });
  } else forwarding.start(path);
}

/** What a kept connection gives that the slot closed at the moment it was used again. */
const brokenConnection: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** One request on its way: takes the slot's answer as undici gives it, and writes it to the client. */
class Forwarding implements Dispatcher.DispatchHandler {
  readonly #exchange: Exchange;
  readonly #traffic: Traffic;
  readonly #began = performance.now();
  readonly #peer: string | undefined;
  #path = '';
  #slot: Slot | null = null;
  #over: (() => void) | null = null;
  #mayRepeat: boolean;
  #setCookie: string | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #bytes = 0;
  /** Whether the slot has said all. */
  #isDone = false;

  constructor(exchange: Exchange, traffic: Traffic) {
    this.#exchange = exchange;
    this.#traffic = traffic;
    // Nobody knows it any more when the connection is gone.
    this.#peer = exchange.peer;
    this.#mayRepeat = isRepeatable(exchange);
    exchange.sink.once('close', () => this.#closed());
  }

  start(path: string): void {
    this.#path = path;
    const choice = this.#traffic.choose(this.#exchange);
    if (choice.kind === 'slot') this.#send(choice.slot, choice.setCookie);
    else if (choice.kind === 'refuse') this.refuse(choice.refusal);
    else {
      this.#over = choice.leave;
      void choice.over.then((refusal) => {
        if (this.#exchange.sink.destroyed) return;
        if (refusal) this.refuse(refusal);
        else this.start(path);
      });
    }
  }

  refuse(refusal: Refusal): void {
    this.#status = refusal.status;
    this.#traffic.refused(refusal.status);
    refuse(refusal, this.#exchange);
  }

  #send(slot: Slot, setCookie: string | null): void {
    const { method, hasBody, rawHeaders, secure } = this.#exchange;
    this.#slot = slot;
    this.#setCookie = setCookie;
    this.#over = slot.begin(() => this.#exchange.cut());
    try {
      const options = {
        path: this.#path,
        method: method as Dispatcher.HttpMethod,
        headers: requestHeaders(rawHeaders, this.#peer, secure),
        body: hasBody ? this.#exchange.body() : null,
      };
      slot.pool.dispatch(options, this);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#exchange.sink.destroyed) controller.abort(new Error('the client went away'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusMessage = '',
  ): void {
    // Interim answers (100, 103) are the connection's own.
    if (status < 200) return;
    this.#status = status;
    this.#slot?.counts.answered(status, performance.now() - this.#began);
    const headers = endToEnd(latin1(controller.rawHeaders));
    if (this.#setCookie !== null) headers.push('Set-Cookie', this.#setCookie);
    this.#exchange.begin(status, statusMessage, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#exchange.sink.write(chunk)) return;
    controller.pause();
    this.#exchange.sink.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    this.#isDone = true;
    this.#exchange.sink.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(error: Error): void {
    const { sink, begun } = this.#exchange;
    if (sink.destroyed) return;
    const slot = this.#slot!;
    if (begun) {
      // Half an answer must not look like a whole one.
      slot.counts.brokeOff();
      this.#exchange.cut();
      return;
    }
    const code = (error as NodeJS.ErrnoException).code ?? error.name;
    if (this.#mayRepeat && brokenConnection.has(code)) {
      this.#mayRepeat = false;
      this.#over?.();
      this.start(this.#path);
      return;
    }
    const refusal = slotFailed(this.#traffic.name, slot.name, code);
    slot.counts.answered(refusal.status, performance.now() - this.#began);
    this.#status = refusal.status;
    refuse(refusal, this.#exchange);
  }

  #closed(): void {
    const { method, target } = this.#exchange;
    if (!this.#isDone) this.#controller?.abort(new Error('the client went away'));
    this.#over?.();
    this.#traffic.tell?.({
      slot: this.#slot?.name ?? null,
      method,
      target,
      status: this.#status,
      bytes: this.#bytes,
      ms: performance.now() - this.#began,
      peer: this.#peer,
    });
  }
}

function isRepeatable({ method, hasBody }: Exchange): boolean {
  return (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') && !hasBody;
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
