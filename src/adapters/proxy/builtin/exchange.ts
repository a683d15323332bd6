import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type ServerHttp2Stream } from 'node:http2';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { RawHeaders } from './forward-headers.ts';

/** What somebody asks, as far as the choice of a slot depends on it. */
export interface Asked {
  readonly headers: IncomingHttpHeaders;
  /** Whether it came over TLS. */
  readonly secure: boolean;
}

/** A request and the place for its answer, the same for HTTP/1.1 and HTTP/2. */
export interface Exchange extends Asked {
  readonly version: 1 | 2;
  readonly method: string;
  /** As the request line has it. */
  readonly target: string;
  readonly rawHeaders: RawHeaders;
  readonly peer: string | undefined;
  readonly hasBody: boolean;
  /** Whether all of the request was read. */
  readonly complete: boolean;
  /** Where the body of the answer goes. */
  readonly sink: Writable;
  /** Whether the head of an answer was written. */
  readonly begun: boolean;
  /** A copy of the body for a slot; to destroy it leaves the client's connection alone. */
  body(): Readable;
  /** Writes the head of the answer: names and values in turn. */
  begin(status: number, reason: string, headers: readonly string[]): void;
  /** Ends the answer in a way that no client takes for a whole one. */
  cut(): void;
}

export class Http1Exchange implements Exchange {
  readonly version = 1;
  readonly sink: ServerResponse;
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.sink = response;
  }

  get headers(): IncomingHttpHeaders {
    return this.#request.headers;
  }

  get secure(): boolean {
    return isSecure(this.#request);
  }

  get method(): string {
    return this.#request.method ?? '';
  }

  get target(): string {
    return this.#request.url ?? '';
  }

  get rawHeaders(): RawHeaders {
    return this.#request.rawHeaders;
  }

  get peer(): string | undefined {
    return this.#request.socket.remoteAddress;
  }

  get hasBody(): boolean {
    const { headers } = this.#request;
    const length = headers['content-length'];
    return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
  }

  get complete(): boolean {
    return this.#request.complete;
  }

  get begun(): boolean {
    return this.sink.headersSent;
  }

  body(): Readable {
    return this.#request.pipe(new PassThrough());
  }

  begin(status: number, reason: string, headers: readonly string[]): void {
    this.sink.writeHead(status, reason, headers as string[]);
  }

  cut(): void {
    this.sink.destroy();
  }
}

/** So long may a client send on after its answer, in ms. */
const patienceMs = 1_000;

export class Http2Exchange implements Exchange {
  readonly version = 2;
  readonly sink: ServerHttp2Stream;
  readonly secure = true;
  readonly #request: Http2ServerRequest;

  constructor(request: Http2ServerRequest) {
    this.#request = request;
    this.sink = request.stream as ServerHttp2Stream;
    this.sink.on('error', () => {});
    this.sink.once('finish', () => {
      if (!this.sink.endAfterHeaders && !this.sink.readableEnded) this.#stopReading();
    });
  }

  get headers(): IncomingHttpHeaders {
    return this.#request.headers;
  }

  get method(): string {
    return this.#request.method;
  }

  get target(): string {
    return this.#request.url;
  }

  get rawHeaders(): RawHeaders {
    return asHttp1(this.#request.rawHeaders);
  }

  get peer(): string | undefined {
    return this.sink.session?.socket.remoteAddress;
  }

  get hasBody(): boolean {
    return !this.sink.endAfterHeaders;
  }

  get complete(): boolean {
    return this.sink.readableEnded;
  }

  get begun(): boolean {
    return this.sink.headersSent;
  }

  body(): Readable {
    return this.sink.pipe(new PassThrough());
  }

  begin(status: number, _reason: string, headers: readonly string[]): void {
    if (this.sink.destroyed || this.sink.closed) return;
    this.sink.respond({ ':status': status, ...byName(headers) });
  }

  cut(): void {
    // To close it, also with an error, would end the body in good form first.
    this.sink.destroy(new Error('cut off'));
  }

  /**
   * What the client still sends after its answer is not waited for (RFC 9113, 8.1). Said at once, on a
   * busy connection it would overtake the end of the answer, which the client then never gets.
   */
  #stopReading(): void {
    this.sink.resume();
    const stop = () => this.sink.close(constants.NGHTTP2_NO_ERROR);
    const timer = setTimeout(stop, patienceMs);
    this.sink.once('close', () => clearTimeout(timer));
  }
}

export function isSecure({ socket }: IncomingMessage): boolean {
  return (socket as TLSSocket).encrypted === true;
}

/** As HTTP/1.1 has them: no pseudo headers, `Host` for the authority, one `Cookie` (RFC 9113, 8.2.3 and 8.3.1). */
function asHttp1(headers: RawHeaders): string[] {
  const kept: string[] = [];
  const cookies: string[] = [];
  let authority: string | null = null;
  let host: string | null = null;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name, value] = [headers[at]!, headers[at + 1]!];
    if (name === ':authority') authority = value;
    else if (name === 'cookie') cookies.push(value);
    else if (name === 'host') host = value;
    else if (!name.startsWith(':')) kept.push(name, value);
  }
  // Where both are there, only one may count, for everybody.
  const asked = authority ?? host;
  if (asked !== null) kept.unshift('Host', asked);
  if (cookies.length > 0) kept.push('Cookie', cookies.join('; '));
  return kept;
}

function byName(headers: readonly string[]): Record<string, string | string[]> {
  const values = new Map<string, string[]>();
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at]!.toLowerCase();
    const before = values.get(name);
    if (before) before.push(headers[at + 1]!);
    else values.set(name, [headers[at + 1]!]);
  }
  // Most may stand once only; the others are lists, for which a comma says the same.
  return Object.fromEntries(
    [...values].map(([name, all]) => [name, name === 'set-cookie' ? all : all.join(', ')]),
  );
}
