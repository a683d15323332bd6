import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { dialOptions } from '../../../model/upstream.ts';
import { isSecure } from './exchange.ts';
import { endToEnd, requestHeaders } from './forward-headers.ts';
import { GoingAway } from './going-away.ts';
import { refusalMessage, slotFailed, type Refusal } from './refusal.ts';
import type { Slot } from './slot.ts';
import type { Traffic } from './traffic.ts';

/** So long a client may take to say goodbye too, in ms. */
const goodbyeMs = 1_000;

const upgrading = ['Connection', 'Upgrade', 'Upgrade', 'websocket'];

/**
 * Passes a WebSocket's handshake on and, once the slot agreed, joins both sockets. The
 * pair stays together over a switch; draining the slot ends it with 1001 at the end.
 */
export function forwardUpgrade(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  traffic: Traffic,
): void {
  client.on('error', () => client.destroy());
  if (request.headers.upgrade?.toLowerCase() === 'websocket') {
    new Upgrading(request, client, head, traffic).start();
  } else {
    const message = 'Only WebSocket upgrades are passed on.';
    client.end(refusalMessage({ status: 501, code: 'upgrade_unknown', message }));
  }
}

class Upgrading {
  readonly #request: IncomingMessage;
  readonly #client: Duplex;
  readonly #head: Buffer;
  readonly #traffic: Traffic;
  readonly #peer: string | undefined;
  readonly #began = performance.now();
  #slot: Slot | null = null;
  #status = 0;

  constructor(request: IncomingMessage, client: Duplex, head: Buffer, traffic: Traffic) {
    this.#request = request;
    this.#client = client;
    this.#head = head;
    this.#traffic = traffic;
    this.#peer = request.socket.remoteAddress;
    client.once('close', () => this.#closed());
  }

  start(): void {
    const { headers } = this.#request;
    const choice = this.#traffic.choose({ headers, secure: isSecure(this.#request) });
    if (choice.kind === 'slot') this.#shakeHands(choice.slot, choice.setCookie);
    else if (choice.kind === 'refuse') this.#refuse(choice.refusal);
    else {
      this.#client.once('close', choice.leave);
      void choice.over.then((refusal) => {
        if (this.#client.destroyed) return;
        if (refusal) this.#refuse(refusal);
        else this.start();
      });
    }
  }

  #refuse(refusal: Refusal): void {
    this.#status = refusal.status;
    this.#traffic.refused(refusal.status);
    this.#client.end(refusalMessage(refusal));
  }

  #shakeHands(slot: Slot, setCookie: string | null): void {
    this.#slot = slot;
    const client = this.#client;
    let leave = (): void => void client.destroy();
    client.once(
      'close',
      slot.begin(() => leave()),
    );
    const extra = setCookie === null ? [] : ['Set-Cookie', setCookie];
    const asking = this.#ask(slot);
    client.once('close', () => asking.destroy());
    asking.once('error', (error: NodeJS.ErrnoException) => {
      const refusal = slotFailed(this.#traffic.name, slot.name, error.code ?? error.name);
      this.#answered(slot, refusal.status);
      client.end(refusalMessage(refusal));
    });
    asking.once('upgrade', (answer: IncomingMessage, upstream: Duplex, first: Buffer) => {
      this.#answered(slot, 101);
      client.write(headOf(answer, [...endToEnd(answer.rawHeaders), ...extra, ...upgrading]));
      leave = join(client, upstream, this.#head, first);
    });
    asking.once('response', (answer: IncomingMessage) => {
      this.#answered(slot, answer.statusCode ?? 0);
      // Refused. The connection ends here: a second request on it would go past this proxy.
      client.write(headOf(answer, [...endToEnd(answer.rawHeaders), 'Connection', 'close']));
      // An answer that breaks off ends the client's connection too; nobody else would.
      pipeline(answer, client, () => undefined);
    });
    asking.end();
  }

  #ask(slot: Slot) {
    const { method, url: path, rawHeaders } = this.#request;
    return httpRequest({
      ...dialOptions(slot.upstream),
      method,
      path,
      headers: [...requestHeaders(rawHeaders, this.#peer, isSecure(this.#request)), ...upgrading],
      agent: false,
      setHost: false,
    });
  }

  #answered(slot: Slot, status: number): void {
    this.#status = status;
    slot.counts.answered(status, performance.now() - this.#began);
  }

  #closed(): void {
    this.#traffic.tell?.({
      slot: this.#slot?.name ?? null,
      method: this.#request.method ?? '',
      target: this.#request.url ?? '',
      status: this.#status,
      bytes: (this.#client as Socket).bytesWritten,
      ms: performance.now() - this.#began,
      peer: this.#peer,
    });
  }
}

/** Joins both, with what each has said already. Gives what ends the pair in good form. */
function join(client: Duplex, upstream: Duplex, head: Buffer, first: Buffer): () => void {
  const toClient = new GoingAway();
  const endSoon = () => void setTimeout(() => client.destroy(), goodbyeMs).unref();
  upstream.on('error', () => client.destroy());
  upstream.once('close', endSoon);
  client.once('close', () => upstream.destroy());
  upstream.write(head);
  toClient.write(first);
  client.pipe(upstream).pipe(toClient).pipe(client);
  return () => {
    toClient.leave();
    endSoon();
  };
}

function headOf(answer: IncomingMessage, headers: readonly string[]): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
