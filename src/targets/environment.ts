/** What a program of a release is told of itself. */
export interface ProgramFacts {
  /** The agent's own environment, of which little is passed on. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  readonly clear: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly version: string;
  readonly sha: string;
  readonly envRoot: string | null;
  /** Where it listens, or where the one to be checked does. */
  readonly slot?: { readonly name: string; readonly port: number; readonly socket?: string | null };
  /** Address of the slot that a smoke program checks. */
  readonly url?: string;
  /** More that Sallyport says: where it is, what earlier targets gave. */
  readonly own?: Readonly<Record<string, string>>;
}

/** What a build needs to find programs and packages from where this host stands; no more. */
const passedOn = [
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
];

/** The whole environment of a program; later parts win, what Sallyport says of itself last. */
export function buildEnvironment(facts: ProgramFacts): Readonly<Record<string, string>> {
  const inherited = passedOn.map((name) => [name, facts.inherited[name]]);
  const own = {
    PORT: facts.slot?.socket ? undefined : facts.slot?.port.toString(),
    SALLYPORT_SOCKET: facts.slot?.socket ?? undefined,
    SALLYPORT_SLOT: facts.slot?.name,
    SALLYPORT_VERSION: facts.version,
    SALLYPORT_SHA: facts.sha,
    SALLYPORT_ENV_ROOT: facts.envRoot ?? undefined,
    SALLYPORT_URL: facts.url,
    ...facts.own,
  };
  const all = { ...Object.fromEntries(inherited), ...facts.clear, ...facts.secrets, ...own };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
