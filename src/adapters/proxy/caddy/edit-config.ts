import type { JsonObject, Json } from './snippet.ts';

/** A route of ours, and where in Caddy's configuration it goes. */
export interface Placement {
  readonly id: string;
  readonly tag: string;
  readonly snippet: JsonObject;
  readonly port: number;
  readonly address: string | undefined;
  readonly names: readonly string[];
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  /** Changes when the certificate does: Caddy reads it only when its configuration changes. */
  readonly certificate: string;
}

/** The whole configuration with this route in it, once; all that is not ours stays as it is. */
export function withRoute(config: Json, placement: Placement): JsonObject {
  const { id, tag, snippet, port, address = '', names, tls, certificate } = placement;
  const rest = withoutRoute(config, placement);
  const key = serverKey(port);
  const before = objectAt(serversOf(rest), key);
  const routes = [...listAt(before, 'routes'), snippet].toSorted(byNames);
  const policy = {
    ...(names.length > 0 ? { match: { sni: [...names] } } : {}),
    certificate_selection: { any_tag: [tag] },
  };
  const policies = [...listAt(before, 'tls_connection_policies'), ...(tls ? [policy] : [])];
  const server = {
    listen: [`${address}:${port}`],
    automatic_https: { disable: true },
    protocols: ['h1', 'h2'],
    routes,
    // Those for a name before the one for all.
    ...(policies.length > 0 ? { tls_connection_policies: policies.toSorted(byNames) } : {}),
  };
  const placed = setServers(rest, { ...serversOf(rest), [key]: server });
  if (!tls) return placed;
  const file = { certificate: tls.certificate, key: tls.key, tags: [tag, `${id} ${certificate}`] };
  return setFiles(placed, [...filesOf(placed), file]);
}

/** The whole configuration without this route. */
export function withoutRoute(config: Json, { id, tag }: Pick<Placement, 'id' | 'tag'>): JsonObject {
  const whole = asObject(config);
  const servers = Object.entries(serversOf(whole)).flatMap(([key, value]) => {
    if (!key.startsWith(serverKey(''))) return [[key, value] as const];
    const server = asObject(value);
    const routes = listAt(server, 'routes').filter((route) => asObject(route)['@id'] !== id);
    const policies = listAt(server, 'tls_connection_policies').filter(
      (policy) =>
        !tagsOf(objectAt(asObject(policy), 'certificate_selection'), 'any_tag').includes(tag),
    );
    const { tls_connection_policies: _, ...others } = server;
    const left = {
      ...others,
      routes,
      ...(policies.length > 0 ? { tls_connection_policies: policies } : {}),
    };
    return routes.length > 0 ? [[key, left] as const] : [];
  });
  const files = filesOf(whole);
  const kept = files.filter((file) => !tagsOf(asObject(file), 'tags').includes(tag));
  const without =
    Object.keys(serversOf(whole)).length === 0
      ? whole
      : setServers(whole, Object.fromEntries(servers));
  return kept.length === files.length ? without : setFiles(without, kept);
}

function serverKey(port: number | ''): string {
  return `sallyport_${port}`;
}

function serversOf(config: JsonObject): JsonObject {
  return objectAt(objectAt(objectAt(config, 'apps'), 'http'), 'servers');
}

function setServers(config: JsonObject, servers: JsonObject): JsonObject {
  const apps = objectAt(config, 'apps');
  return { ...config, apps: { ...apps, http: { ...objectAt(apps, 'http'), servers } } };
}

function filesOf(config: JsonObject): readonly Json[] {
  return listAt(objectAt(objectAt(objectAt(config, 'apps'), 'tls'), 'certificates'), 'load_files');
}

function setFiles(config: JsonObject, files: readonly Json[]): JsonObject {
  const apps = objectAt(config, 'apps');
  const tls = objectAt(apps, 'tls');
  const certificates = { ...objectAt(tls, 'certificates'), load_files: files };
  return { ...config, apps: { ...apps, tls: { ...tls, certificates } } };
}

/** What is for certain names comes first; else by what it is. */
function byNames(one: Json, other: Json): number {
  const hasNames = (value: Json) => Number(asObject(value)['match'] !== undefined);
  const order = hasNames(other) - hasNames(one);
  return order === 0 ? (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1) : order;
}

function tagsOf(object: JsonObject, key: string): readonly Json[] {
  return listAt(object, key);
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectAt(object: JsonObject, key: string): JsonObject {
  return asObject(object[key]);
}

function listAt(object: JsonObject, key: string): readonly Json[] {
  const value = object[key];
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
