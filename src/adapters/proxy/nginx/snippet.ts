import { createHash } from 'node:crypto';
import { SallyportError } from '../../../model/errors.ts';
import { upstreamText, type Upstream } from '../../../model/upstream.ts';
import type { ProxyRoute } from '../../../ports/proxy.ts';
import { nearNets } from '../near-nets.ts';
import { assertPlain } from '../route-folder.ts';
import type { RouteFiles } from './layout.ts';
import { headLine, type SnippetHead } from './snippet-head.ts';

export interface SnippetFacts {
  readonly route: ProxyRoute;
  readonly port: number;
  readonly files: Pick<RouteFiles, 'folder' | 'variable'>;
  readonly address: string | undefined;
  /** Whether this host has IPv6; nginx does not start where it shall listen on what is not there. */
  readonly ipv6: boolean;
  /** Changes when the certificate does: nginx reads it only when it loads its configuration. */
  readonly certificate: string;
  /** In the mode `reload`, else `null`. */
  readonly target: SnippetHead['target'];
  readonly mode: 'socket' | 'reload';
}

/** The whole configuration of one route, a function of the facts alone. */
export function writeSnippet(facts: SnippetFacts): {
  readonly text: string;
  readonly proof: string;
} {
  assertWritable(facts);
  const proof = createHash('sha256').update(compose(facts, '')).digest('hex').slice(0, 32);
  return { text: compose(facts, `/.sallyport/${proof}`), proof: `/.sallyport/${proof}` };
}

function compose(facts: SnippetFacts, proof: string): string {
  const { route, port, target, certificate } = facts;
  const head: SnippetHead = {
    schema: 1,
    route,
    port,
    proof,
    target,
  };
  return [
    '# Written by Sallyport. Changes made here are lost.',
    headLine(head),
    ...(certificate === '' ? [] : [`# certificate: ${certificate}`]),
    ...forwarded(facts),
    ...(facts.mode === 'socket' ? linkMaps(facts) : fixedUpstream(facts)),
    'server {',
    ...indent([...listening(facts), '', ...server(facts, proof)]),
    '}',
    '',
  ].join('\n');
}

function listening({ route, port, address, ipv6 }: SnippetFacts): string[] {
  const options = route.tls ? ' ssl http2' : '';
  const names = route.serverNames ?? [];
  return [
    ...(address === undefined
      ? [`listen ${port}${options};`, ...(ipv6 ? [`listen [::]:${port}${options};`] : [])]
      : [`listen ${address}:${port}${options};`]),
    // Without names: every one that no other server of nginx asks for, and none at all. `default_server`
    // would clash with Debian's own.
    `server_name ${names.length > 0 ? names.join(' ') : '"" ~^'};`,
    ...(route.tls
      ? [`ssl_certificate "${route.tls.certificate}";`, `ssl_certificate_key "${route.tls.key}";`]
      : []),
  ];
}

/** What a client says of itself is believed only of a load balancer nearby. */
function forwarded({ mode, files: { variable: v } }: SnippetFacts): string[] {
  return [
    `geo $${v}_near {`,
    ...indent(['default 0;', ...nearNets.map((net) => `${net} 1;`)]),
    '}',
    `map $${v}_near $${v}_for {`,
    ...indent(['default $remote_addr;', '1 $proxy_add_x_forwarded_for;']),
    '}',
    `map $${v}_near:$http_x_forwarded_proto $${v}_proto {`,
    ...indent(['default $scheme;', '1:http http;', '1:https https;']),
    '}',
    `map $http_host $${v}_asked {`,
    // HTTP/1.0 knows no host, HTTP/1.1 insists on one.
    ...indent(['default $http_host;', '"" localhost;']),
    '}',
    `map $${v}_near:$http_x_forwarded_host $${v}_host {`,
    ...indent([`default $${v}_asked;`, `"~^1:(?<${v}_said>.+)$" $${v}_said;`]),
    '}',
    `map $http_upgrade $${v}_connection {`,
    ...indent(['default upgrade;', `"" ${mode === 'socket' ? `$${v}_idle` : '""'};`]),
    '}',
  ];
}

/** From links to an address: the folder that a link leads to is called as the address is. */
function linkMaps({ route, files: { variable: v } }: SnippetFacts): string[] {
  const pools = (route.upstreams ?? []).map((upstream, at) => poolFor(`${v}_${at}`, upstream));
  const preview = route.preview;
  const header = `$http_${preview?.header.toLowerCase().replaceAll('-', '_')}`;
  return [
    ...pools.flatMap((pool) => pool.text),
    `map $realpath_root $${v}_to {`,
    ...indent([
      'default "";',
      ...pools.map((pool) => `"~/slots/[^/]+/${escaped(pool.place)}$" ${pool.name};`),
      `"~/slots/[^/]+/(?<${v}_address>.+)$" $${v}_address;`,
    ]),
    '}',
    // Without a pool the slot is the one that closes: else ports would wait here to be free again.
    `map $${v}_to $${v}_idle {`,
    ...indent(['default close;', ...pools.map((pool) => `${pool.name} "";`)]),
    '}',
    // 256 lots, so that a share is a number of files.
    `map $request_id $${v}_lot {`,
    ...indent(['default 00;', `"~^(?<${v}_drawn>..)" $${v}_drawn;`]),
    '}',
    `map $cookie_${v} $${v}_kept_lot {`,
    ...indent([`default $${v}_lot;`, `"~^(?<${v}_mine>[0-9a-f][0-9a-f])$" $${v}_mine;`]),
    '}',
    ...(preview
      ? [
          `map $cookie_${preview.cookie} $${v}_by_cookie {`,
          ...indent(['default -;', `"~^(?<${v}_c>[a-z][a-z0-9_-]*)$" $${v}_c;`]),
          '}',
          `map ${header} $${v}_preview {`,
          ...indent([`default $${v}_by_cookie;`, `"~^(?<${v}_h>[a-z][a-z0-9_-]*)$" $${v}_h;`]),
          '}',
        ]
      : []),
  ];
}

/**
 * Kept connections to an upstream, closed when they were idle for a moment: programs wait longer, so
 * none is closed under a request; and a slot without traffic soon has none, so that what is left are
 * requests.
 */
function poolFor(name: string, upstream: Upstream) {
  const place = upstreamText(upstream);
  const lines = [`server ${place};`, 'keepalive 64;', 'keepalive_timeout 200ms;'];
  return { name, place, text: [`upstream ${name} {`, ...indent(lines), '}'] };
}

/** As a regular expression in quotes that means exactly this text. */
function escaped(text: string): string {
  return text.replaceAll(/[.+[\]]/g, '\\$&');
}

function fixedUpstream({ target, files: { variable: v } }: SnippetFacts): string[] {
  if (!target) return [];
  return poolFor(v, target.upstream).text;
}

function server(facts: SnippetFacts, proof: string): string[] {
  const { route, mode, files } = facts;
  const { folder, variable: v } = files;
  const choose =
    mode === 'reload'
      ? []
      : [
          `root "${folder}/$${v}_link";`,
          `set $${v}_link current;`,
          `set $${v}_cookie "";`,
          `if (-e "${folder}/canary/any/$${v}_lot") { set $${v}_link canary/to; }`,
          `if (-e "${folder}/canary/sticky/$${v}_kept_lot") { set $${v}_link canary/to; }`,
          `if (-e "${folder}/canary/sticky") {`,
          `    set $${v}_cookie "${v}=$${v}_kept_lot; Path=/; HttpOnly; SameSite=Lax";`,
          '}',
          ...(route.preview
            ? [`if (-e "${folder}/known/$${v}_preview") { set $${v}_link known/$${v}_preview; }`]
            : []),
        ];
  const nowhere = mode === 'socket' ? `if ($${v}_to = "") { ${say(route.name)} }` : say(route.name);
  const isNowhere = mode === 'socket' || facts.target === null;
  const to = mode === 'socket' ? `$${v}_to` : v;
  return [
    ...choose,
    `location = ${proof} { return 204; }`,
    'location = /.sallyport/maintenance {',
    ...indent([
      'internal;',
      'default_type "text/plain; charset=utf-8";',
      'types { }',
      'add_header Retry-After 5 always;',
      `alias "${folder}/maintenance";`,
    ]),
    '}',
    'location / {',
    ...indent([
      'default_type text/plain;',
      'error_page 503 /.sallyport/maintenance;',
      `if (-f "${folder}/maintenance") { return 503; }`,
      ...(isNowhere ? [nowhere] : []),
      ...(mode === 'socket' ? [`add_header Set-Cookie $${v}_cookie;`] : []),
      ...(mode === 'socket' || facts.target ? passing(v, to) : []),
    ]),
    '}',
  ];
}

function say(name: string): string {
  const plain = name.replaceAll(/[^\w. -]/g, '?');
  return `add_header Retry-After 5 always; return 503 "${plain}: no release has the traffic yet\\n";`;
}

function passing(v: string, to: string): string[] {
  return [
    `proxy_pass http://${to};`,
    'proxy_redirect off;',
    'proxy_intercept_errors off;',
    'proxy_http_version 1.1;',
    `proxy_set_header Connection $${v}_connection;`,
    'proxy_set_header Upgrade $http_upgrade;',
    `proxy_set_header Host $${v}_asked;`,
    `proxy_set_header X-Forwarded-For $${v}_for;`,
    `proxy_set_header X-Forwarded-Proto $${v}_proto;`,
    `proxy_set_header X-Forwarded-Host $${v}_host;`,
    // Answers and uploads pass piece by piece: event streams work, nothing is on the disk in between.
    'proxy_buffering off;',
    'proxy_request_buffering off;',
    'client_max_body_size 0;',
    'proxy_connect_timeout 5s;',
    // A quiet WebSocket or event stream is not a dead one.
    'proxy_send_timeout 1h;',
    'proxy_read_timeout 1h;',
  ];
}

/** Whatever the schemas let pass: nothing of this may end a word of nginx' language. */
function assertWritable({ route, address, target }: SnippetFacts): void {
  for (const name of route.serverNames ?? []) assertWord(name, /^[\w.*-]+$/);
  if (route.tls) [route.tls.certificate, route.tls.key].forEach((path) => assertPlain(path));
  if (route.preview) {
    assertWord(route.preview.header, /^[\w-]+$/);
    assertWord(route.preview.cookie, /^\w+$/);
  }
  if (address !== undefined) assertWord(address, /^(?:[\d.]+|\[[\da-f:]+\])$/);
  const upstreams = [...(route.upstreams ?? []), ...(target ? [target.upstream] : [])];
  for (const upstream of upstreams) assertWord(upstreamText(upstream), /^[\w.:[\]/,@+-]+$/);
}

function assertWord(word: string, allowed: RegExp): void {
  if (allowed.test(word)) return;
  throw new SallyportError({
    code: 'proxy_refused',
    message: `nginx cannot be told ${JSON.stringify(word)}`,
    hint: 'see docs/nginx.md for what may stand there',
  });
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `    ${line}`));
}
