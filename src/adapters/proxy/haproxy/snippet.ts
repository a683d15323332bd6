import { createHash } from 'node:crypto';
import { SallyportError } from '../../../model/errors.ts';
import type { ProxyRoute } from '../../../ports/proxy.ts';
import { nearNets } from '../near-nets.ts';
import { assertPlain } from '../route-folder.ts';
import { keys, lots } from './choices.ts';
import type { RouteFiles } from './layout.ts';
import { serverWords, type Server } from './servers.ts';
import { headLine } from './snippet-head.ts';

export interface SnippetFacts {
  readonly route: ProxyRoute;
  readonly port: number;
  readonly files: RouteFiles;
  readonly address: string | undefined;
  /** Whether this host has IPv6. */
  readonly ipv6: boolean;
  /** Changes when the certificate does: HAProxy reads it only when it loads its configuration. */
  readonly certificate: string;
  /** What the map may lead to. */
  readonly servers: readonly Server[];
}

/** The whole configuration of one route, a function of the facts alone. */
export function writeSnippet(facts: SnippetFacts): {
  readonly text: string;
  readonly proof: string;
} {
  assertWritable(facts);
  // A server that is added in HAProxy's memory is added here too, which asks for no reload.
  const settled = compose({ ...facts, servers: [] }, '');
  const proof = createHash('sha256').update(settled).digest('hex').slice(0, 32);
  return { text: compose(facts, proof), proof };
}

function compose(facts: SnippetFacts, proof: string): string {
  const { route, port, certificate, files, servers } = facts;
  return [
    '# Written by Sallyport. Changes made here are lost.',
    headLine({
      schema: 1,
      route,
      port,
      proof,
      servers: servers.map(({ name, slot, upstream }) => ({ name, slot, upstream })),
    }),
    ...(certificate === '' ? [] : [`# certificate: ${certificate}`]),
    'global',
    ...indent([`set-var proc.${files.variable} str(${proof})`]),
    '',
    `frontend ${files.frontend}`,
    ...indent([
      'mode http',
      listening(facts),
      'option http-keep-alive',
      'timeout http-request 30s',
      'timeout http-keep-alive 1m',
      // A quiet WebSocket or event stream is not a dead one.
      'timeout client 1h',
      ...named(route),
      ...maintained(files),
      ...chosen(facts),
      ...forwarded(),
      `default_backend ${files.backend}`,
    ]),
    '',
    `backend ${files.backend}`,
    ...indent([
      'mode http',
      'option http-keep-alive',
      'http-reuse safe',
      // At once: each try would be counted as a request of the slot, and waits for a second.
      'retries 0',
      'timeout connect 5s',
      'timeout queue 5s',
      'timeout server 1h',
      'timeout tunnel 1h',
      'balance roundrobin',
      ...servers.map((server) => `server ${server.name} ${serverWords(server)}`),
      'use-server %[var(txn.to)] if TRUE',
    ]),
    '',
  ].join('\n');
}

function listening({ route, port, address, ipv6, files }: SnippetFacts): string {
  const tls = route.tls ? ` ssl crt ${files.pem} alpn h2,http/1.1` : '';
  const place = address === undefined ? (ipv6 ? `:::${port} v4v6` : `*:${port}`) : null;
  return `bind ${place ?? `${address}:${port}`}${tls}`;
}

function named({ serverNames = [] }: ProxyRoute): string[] {
  if (serverNames.length === 0) return [];
  return [
    ...serverNames.map((name) => {
      const [how, words] = name.startsWith('*') ? ['end', name.slice(1)] : ['str', name];
      return `acl named req.hdr(host),host_only,lower -m ${how} ${words.toLowerCase()}`;
    }),
    'http-request return status 421 content-type text/plain string "no such name here" unless named',
  ];
}

function maintained({ map }: RouteFiles): string[] {
  return [
    `http-request set-var(txn.held) str(${keys.maintenance}),map(${map}),b64dec`,
    `${sayUnavailable} lf-string %[var(txn.held)] if { var(txn.held) -m found }`,
  ];
}

const sayUnavailable =
  'http-request return status 503 content-type "text/plain; charset=utf-8" hdr Retry-After 5';

/** Every request looks into the map, so a change there is in force with the next one. */
function chosen({ route, files: { map, variable } }: SnippetFacts): string[] {
  const plain = route.name.replaceAll(/[^\w. -]/g, '?');
  const sticky = `{ str(${keys.sticky}),map(${map}) -m found }`;
  return [
    `http-request set-var(txn.to) str(${keys.to}),map(${map})`,
    `http-request set-var(txn.lot) rand(${lots})`,
    `http-request set-var(txn.lot) req.cook(${variable}),add(0) if ${sticky} { req.cook(${variable}) -m reg ^[0-9]{1,3}$ }`,
    `http-request set-var(txn.share) str(${keys.share}),map(${map},0),add(0)`,
    `http-request set-var(txn.to) str(${keys.canary}),map(${map}) if { var(txn.lot),sub(txn.share) lt 0 } { str(${keys.canary}),map(${map}) -m found }`,
    `http-response add-header Set-Cookie "${variable}=%[var(txn.lot)]; Path=/; HttpOnly; SameSite=Lax" if ${sticky}`,
    ...previewed(route, map),
    `${sayUnavailable} string "${plain}: no release has the traffic yet" unless { var(txn.to) -m found }`,
  ];
}

function previewed({ preview }: ProxyRoute, map: string): string[] {
  if (!preview) return [];
  const { header, cookie } = preview;
  return [
    `http-request set-var(txn.asked) req.cook(${cookie})`,
    `http-request set-var(txn.asked) req.hdr(${header}) if { req.hdr(${header}) -m found }`,
    `http-request set-var(txn.to) var(txn.asked),map(${map}) if { var(txn.asked) -m reg ^[a-z][a-z0-9_-]*$ } { var(txn.asked),map(${map}) -m found }`,
  ];
}

/** What a client says of itself is believed only of a load balancer nearby. */
function forwarded(): string[] {
  return [
    `acl near src ${nearNets.join(' ')}`,
    'http-request set-header X-Forwarded-For "%[req.fhdr(x-forwarded-for)], %[src]" if near { req.hdr(x-forwarded-for) -m found }',
    'http-request set-header X-Forwarded-For %[src] unless near { req.hdr(x-forwarded-for) -m found }',
    'http-request set-header X-Forwarded-Proto https if { ssl_fc } !near',
    'http-request set-header X-Forwarded-Proto http if !{ ssl_fc } !near',
    'http-request set-header X-Forwarded-Proto https if { ssl_fc } !{ req.hdr(x-forwarded-proto) -m str http https }',
    'http-request set-header X-Forwarded-Proto http if !{ ssl_fc } !{ req.hdr(x-forwarded-proto) -m str http https }',
    'http-request set-header X-Forwarded-Host %[req.hdr(host)] unless near { req.hdr(x-forwarded-host) -m found }',
  ];
}

/** Whatever the schemas let pass: nothing of this may end a word of HAProxy's language. */
function assertWritable({ route, address, servers }: SnippetFacts): void {
  for (const name of route.serverNames ?? []) assertWord(name, /^(?:\*\.)?[\w.-]+$/);
  if (route.tls) [route.tls.certificate, route.tls.key].forEach((path) => assertPlain(path));
  if (route.preview) {
    assertWord(route.preview.header, /^[\w-]+$/);
    assertWord(route.preview.cookie, /^\w+$/);
  }
  if (address !== undefined) assertWord(address, /^(?:[\d.]+|\[[\da-f:]+\])$/);
  for (const server of servers) assertWord(serverWords(server), /^[\w.:[\]/,@+ -]+$/);
}

function assertWord(word: string, allowed: RegExp): void {
  if (allowed.test(word)) return;
  throw new SallyportError({
    code: 'proxy_refused',
    message: `HAProxy cannot be told ${JSON.stringify(word)}`,
    hint: 'see docs/haproxy.md for what may stand there',
  });
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`);
}
