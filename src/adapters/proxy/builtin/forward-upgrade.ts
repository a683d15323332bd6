import { request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline, type Duplex } from 'node:stream';
import { dialOptions } from '../../../model/upstream.ts';
import { endToEnd, requestHeaders } from './forward-headers.ts';
import type { Traffic } from './forward-request.ts';
import { noHealthySlot, refusalMessage, slotFailed } from './refusal.ts';
import type { Slot } from './slot.ts';

/**
 * Passes a WebSocket's handshake on and, once the slot agreed, joins both sockets. The
 * pair stays together over a switch; draining the slot cuts it at the end.
 */
export function forwardUpgrade(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  traffic: Traffic,
): void {
  client.on('error', () => client.destroy());
  const slot = traffic.current();
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
    const message = 'Only WebSocket upgrades are passed on.';
    client.end(refusalMessage({ status: 501, code: 'upgrade_unknown', message }));
  } else if (typeof slot === 'string') {
    client.end(refusalMessage(noHealthySlot(traffic.name, slot)));
  } else {
    shakeHands(request, client, head, traffic.name, slot);
  }
}

const upgrading = ['Connection', 'Upgrade', 'Upgrade', 'websocket'];

function shakeHands(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  route: string,
  slot: Slot,
): void {
  const headers = [
    ...requestHeaders(request.rawHeaders, request.socket.remoteAddress),
    ...upgrading,
  ];
  const { method, url: path } = request;
  const asking = httpRequest({
    ...dialOptions(slot.upstream),
    method,
    path,
    headers,
    agent: false,
    setHost: false,
  });
  client.once(
    'close',
    slot.begin(() => client.destroy()),
  );
  client.once('close', () => asking.destroy());
  asking.once('error', (error: NodeJS.ErrnoException) => {
    client.end(refusalMessage(slotFailed(route, slot.name, error.code ?? error.name)));
  });
  asking.once('upgrade', (answer: IncomingMessage, upstream: Duplex, first: Buffer) => {
    client.write(headOf(answer, [...endToEnd(answer.rawHeaders), ...upgrading]));
    client.write(first);
    upstream.write(head);
    join(client, upstream);
  });
  asking.once('response', (answer: IncomingMessage) => {
    // Refused. The connection ends here: a second request on it would go past this proxy.
    client.write(headOf(answer, [...endToEnd(answer.rawHeaders), 'Connection', 'close']));
    // An answer that breaks off ends the client's connection too; nobody else would.
    pipeline(answer, client, () => undefined);
  });
  asking.end();
}

function join(client: Duplex, upstream: Duplex): void {
  upstream.on('error', () => client.destroy());
  upstream.once('close', () => client.destroy());
  client.once('close', () => upstream.destroy());
  client.pipe(upstream).pipe(client);
}

function headOf(answer: IncomingMessage, headers: readonly string[]): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
