import { SallyportError } from '../../../model/errors.ts';
import type { ProxyRoute } from '../../../ports/proxy.ts';
import { nearNets } from '../near-nets.ts';
import { assertPlain } from '../route-folder.ts';
import type { RouteFiles } from './layout.ts';
import { socketMark } from './places.ts';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export interface SnippetFacts {
  readonly route: ProxyRoute;
  readonly files: RouteFiles;
  /** How long streams live on after a change of configuration; `null` where this Caddy is too old to know it. */
  readonly streamDelay: string | null;
}

/** The route in Caddy's own language, a function of the facts alone. */
export function writeSnippet(facts: SnippetFacts): JsonObject {
  const { route, files } = facts;
  assertWritable(facts);
  const names = route.serverNames ?? [];
  return {
    '@id': files.id,
    ...(names.length > 0 ? { match: [{ host: [...names] }] } : {}),
    handle: [{ handler: 'subroute', routes: handling(facts) }],
    terminal: true,
  };
}

/** Caddy looks for files of ours with every request; what it finds decides. */
function handling(facts: SnippetFacts): JsonObject[] {
  const { route, files } = facts;
  const { folder, variable: v } = files;
  const byLot = {
    match: [exists(folder, `/canary/sticky/{${v}_lot}/`)],
    ...sub([toLink(facts, '/canary/to')]),
  };
  const byCookie = {
    match: [exists(folder, `/canary/sticky/{${v}_kept}/`)],
    ...sub([toLink(facts, '/canary/to')]),
  };
  const hasCookie = { header_regexp: { Cookie: { pattern: `(?:^|; ?)${v}=[0-9a-f]{2}(?:;|$)` } } };
  const sticky = exists(folder, '/canary/sticky/');
  return [
    held(folder),
    { handle: [map('{http.request.uuid}', `{${v}_lot}`, '^([0-9a-f]{2})')] },
    { handle: [map(`{http.request.cookie.${v}}`, `{${v}_kept}`, '^([0-9a-f]{2})$')] },
    ...previewed(facts),
    { match: [{ ...sticky, ...hasCookie }], ...sub([byCookie, toLink(facts, '/current')]) },
    { match: [sticky], ...sub([setCookie(v), byLot, toLink(facts, '/current')]) },
    { match: [exists(folder, `/canary/any/{${v}_lot}/`)], ...sub([toLink(facts, '/canary/to')]) },
    toLink(facts, '/current'),
    nowhere(route.name),
  ];
}

function held(folder: string): JsonObject {
  const headers = { 'Retry-After': ['5'], 'Content-Type': ['text/plain; charset=utf-8'] };
  return {
    match: [exists(folder, '/maintenance')],
    handle: [
      { handler: 'rewrite', method: 'GET', uri: '/maintenance' },
      { handler: 'headers', response: { set: headers } },
      { handler: 'file_server', root: folder, status_code: '503' },
    ],
    terminal: true,
  };
}

function previewed(facts: SnippetFacts): JsonObject[] {
  const { preview } = facts.route;
  if (!preview) return [];
  // A name of its own for each: of two with the same the first one stays.
  const [header, cookie] = [
    `{${facts.files.variable}_by_header}`,
    `{${facts.files.variable}_by_cookie}`,
  ];
  const slot = '^([a-z][a-z0-9_-]*)$';
  return [
    { handle: [map(`{http.request.header.${preview.header}}`, header, slot)] },
    toLink(facts, `/known/${header}`),
    { handle: [map(`{http.request.cookie.${preview.cookie}}`, cookie, slot)] },
    toLink(facts, `/known/${cookie}`),
  ];
}

/** Proxies to the address that the one file behind the link is called by, if there is one. */
function toLink({ files, streamDelay }: SnippetFacts, link: string): JsonObject {
  const { folder, sockets, variable: v } = files;
  const address = {
    handler: 'map',
    source: '{http.matchers.file.relative}',
    destinations: [`{${v}_to}`],
    mappings: [
      { input_regexp: `${socketMark}([0-9a-f]+)$`, outputs: [`unix/${sockets}/\${1}`] },
      { input_regexp: '([^/]+)$', outputs: ['${1}'] },
    ],
  };
  // Twice: between looking into the folder and looking at what is in it, the link may be renamed.
  const found = { file: { root: folder, try_files: [`${link}/*`, `${link}/*`] } };
  return { match: [found], handle: [address, proxying(v, streamDelay)], terminal: true };
}

function proxying(v: string, streamDelay: string | null): JsonObject {
  return {
    handler: 'reverse_proxy',
    upstreams: [{ dial: `{${v}_to}` }],
    // Answers pass piece by piece: event streams work.
    flush_interval: -1,
    trusted_proxies: [...nearNets],
    // One connection is one request, and can be counted.
    transport: { protocol: 'http', dial_timeout: '5s', keep_alive: { enabled: false } },
    ...(streamDelay === null ? {} : { stream_close_delay: streamDelay }),
  };
}

function setCookie(v: string): JsonObject {
  const cookie = `${v}={${v}_lot}; Path=/; HttpOnly; SameSite=Lax`;
  return {
    handle: [{ handler: 'headers', response: { add: { 'Set-Cookie': [cookie] }, deferred: true } }],
  };
}

function nowhere(name: string): JsonObject {
  const plain = name.replaceAll(/[^\w. -]/g, '?');
  return {
    handle: [
      {
        handler: 'static_response',
        status_code: 503,
        headers: { 'Retry-After': ['5'] },
        body: `${plain}: no release has the traffic yet\n`,
      },
    ],
  };
}

function exists(folder: string, path: string): JsonObject {
  return { file: { root: folder, try_files: [path] } };
}

/** What the pattern finds in the source, under another name; `-` where it finds nothing. */
function map(source: string, destination: string, pattern: string): JsonObject {
  const mappings = [{ input_regexp: pattern, outputs: ['${1}'] }];
  return { handler: 'map', source, destinations: [destination], mappings, defaults: ['-'] };
}

function sub(routes: readonly JsonObject[]) {
  return { handle: [{ handler: 'subroute', routes }], terminal: true };
}

/** Whatever the schemas let pass: nothing of this may be taken for a placeholder or a pattern. */
function assertWritable({ route, files }: SnippetFacts): void {
  assertPlain(files.folder);
  for (const name of route.serverNames ?? []) assertWord(name, /^[\w.*-]+$/);
  if (route.tls) [route.tls.certificate, route.tls.key].forEach((path) => assertPlain(path));
  if (!route.preview) return;
  assertWord(route.preview.header, /^[\w-]+$/);
  assertWord(route.preview.cookie, /^\w+$/);
}

function assertWord(word: string, allowed: RegExp): void {
  if (allowed.test(word)) return;
  throw new SallyportError({
    code: 'proxy_refused',
    message: `Caddy cannot be told ${JSON.stringify(word)}`,
    hint: 'see docs/caddy.md for what may stand there',
  });
}
