import { isNear, plainAddress } from './near-peer.ts';

/** Headers that speak of one connection, not of the message (RFC 9110, 7.6.1). */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const forwarding = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
] as const;
type Said = { [Name in (typeof forwarding)[number]]?: string };

function isForwarding(name: string): name is (typeof forwarding)[number] {
  return (name.startsWith('x-f') || name === 'forwarded') && forwarding.includes(name as never);
}

/** Names and values in turn, as Node gives and takes them. */
export type RawHeaders = readonly string[];

/** A message's headers without those of the connection that it came on. */
export function endToEnd(headers: RawHeaders): string[] {
  const named = connectionOptions(headers);
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at]!.toLowerCase();
    if (!hopByHop.has(name) && !named.has(name)) kept.push(headers[at]!, headers[at + 1]!);
  }
  return kept;
}

/** The headers of a request as the slot gets them: who asked, for which host, and how. */
export function requestHeaders(
  headers: RawHeaders,
  peer: string | undefined,
  secure = false,
): string[] {
  const address = plainAddress(peer);
  const near = isNear(address);
  const named = connectionOptions(headers);
  const said: Said = {};
  let host: string | undefined;
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at]!.toLowerCase();
    const value = headers[at + 1]!;
    if (isForwarding(name)) {
      if (near) said[name] = joined(said[name], value);
    } else if (name === 'host') {
      // Of two, everybody must go by the same one.
      if (host === undefined) kept.push(headers[at]!, value);
      host ??= value;
      // The answer to `Expect: 100-continue` is given by the server here, before the slot is asked.
    } else if (name !== 'expect' && !hopByHop.has(name) && !named.has(name)) {
      kept.push(headers[at]!, value);
    }
  }
  const proto = said['x-forwarded-proto'] ?? (secure ? 'https' : 'http');
  const forwardedHost = said['x-forwarded-host'] ?? host;
  kept.push('X-Forwarded-For', joined(said['x-forwarded-for'], address));
  kept.push('X-Forwarded-Proto', proto);
  if (forwardedHost !== undefined) kept.push('X-Forwarded-Host', forwardedHost);
  kept.push('Forwarded', joined(said.forwarded, element(address, host, proto)));
  return kept;
}

const none: ReadonlySet<string> = new Set();

/** What `Connection` names beside the usual. Nobody may have the host or the forwarding headers dropped by it. */
function connectionOptions(headers: RawHeaders): ReadonlySet<string> {
  let options: string | undefined;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at]!;
    if (name.length === 10 && name.toLowerCase() === 'connection') {
      options = joined(options, headers[at + 1]!);
    }
  }
  if (options === undefined || options === 'keep-alive' || options === 'close') return none;
  const names = options.toLowerCase().split(',');
  return new Set(
    names
      .map((name) => name.trim())
      .filter((name) => name !== 'host' && name !== 'content-length' && !isForwarding(name)),
  );
}

/** RFC 7239. A host that is no token goes in quotes. */
function element(address: string, host: string | undefined, proto: string): string {
  const from = address.includes(':') ? `"[${address}]"` : address;
  const to = host === undefined ? '' : `;host="${host.replace(/["\\]/g, '')}"`;
  return `for=${from}${to};proto=${/^[a-z]+$/i.test(proto) ? proto : 'http'}`;
}

function joined(before: string | undefined, last: string): string {
  return before === undefined ? last : `${before}, ${last}`;
}
