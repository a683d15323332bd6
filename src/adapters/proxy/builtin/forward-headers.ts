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
const forwarding: ReadonlySet<string> = new Set([
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]);

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
  const said = isNear(address) ? valuesOf(headers) : new Map<string, string>();
  const host = valuesOf(headers).get('host');
  const proto = said.get('x-forwarded-proto') ?? (secure ? 'https' : 'http');
  const forwardedHost = said.get('x-forwarded-host') ?? host;

  const kept: string[] = [];
  const through = endToEnd(headers);
  for (let at = 0; at < through.length; at += 2) {
    const name = through[at]!.toLowerCase();
    // The answer to `Expect: 100-continue` is given by the server here, before the slot is asked.
    if (!forwarding.has(name) && name !== 'expect') kept.push(through[at]!, through[at + 1]!);
  }
  kept.push('X-Forwarded-For', joined(said.get('x-forwarded-for'), address));
  kept.push('X-Forwarded-Proto', proto);
  if (forwardedHost !== undefined) kept.push('X-Forwarded-Host', forwardedHost);
  kept.push('Forwarded', joined(said.get('forwarded'), element(address, host, proto)));
  return kept;
}

function connectionOptions(headers: RawHeaders): ReadonlySet<string> {
  const options = valuesOf(headers).get('connection') ?? '';
  // Nobody may have the host or the forwarding headers dropped by naming them here.
  return new Set(
    options
      .toLowerCase()
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== 'host' && name !== 'content-length'),
  );
}

/** By lower-case name; values of a name that stands twice are joined. */
function valuesOf(headers: RawHeaders): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at]!.toLowerCase();
    values.set(name, joined(values.get(name), headers[at + 1]!));
  }
  return values;
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
