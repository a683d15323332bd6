import { parseDocument, type Document } from 'yaml';
import { SallyportError, exitCodes } from '../../model/errors.ts';

/** What this machine puts in the place of the real hosts. */
export interface Stage {
  readonly agent: string;
  /** `ed25519:…` */
  readonly agentKey: string;
  /** Gives a port that is free on this machine, another one each time. */
  readonly freePort: () => number;
}

export interface Rehearsed {
  readonly text: string;
  /** What is different from the config as it was given, one sentence each. */
  readonly changes: readonly string[];
  /** The port that people reach each target at. */
  readonly listens: Readonly<Record<string, number>>;
}

type Path = readonly (string | number)[];

/**
 * A config made playable on one machine: the environment's only host is this one, programs are
 * plain processes, the embedded proxy stands before them, and every port is a free one. Comments
 * and order stay. Targets that do not come to the environment are left as they are. Throws
 * `environment_missing`.
 */
export function rehearseConfig(text: string, environment: string, stage: Stage): Rehearsed {
  const document = parseDocument(text);
  const changes: string[] = [];
  const listens: Record<string, number> = {};
  if (!document.hasIn(['environments', environment]))
    throw noSuchEnvironment(document, environment);

  document.setIn(['agents'], document.createNode({}));
  document.setIn(['agents', stage.agent], { key: stage.agentKey, environments: [environment] });
  replace(document, ['environments', environment, 'hosts'], [stage.agent], 'hosts', changes);
  remove(document, ['environments', environment, 'trigger']);
  for (const name of targetsOf(document, environment)) {
    const target = ['targets', name];
    const overridden = ['environments', environment, 'override', name];
    for (const key of ['init', 'proxy', 'ports']) remove(document, [...overridden, key]);
    const listen = stage.freePort();
    listens[name] = listen;
    replace(document, [...target, 'init'], 'process', `${name}: init`, changes);
    replace(
      document,
      [...target, 'proxy'],
      { driver: 'builtin', listen },
      `${name}: proxy`,
      changes,
    );
    const ports = { blue: stage.freePort(), green: stage.freePort() };
    replace(document, [...target, 'ports'], ports, `${name}: ports`, changes);
    remove(document, [...target, 'roles']);
  }
  return { text: document.toString({ lineWidth: 0 }), changes, listens };
}

function replace(
  document: Document,
  path: Path,
  value: unknown,
  what: string,
  changes: string[],
): void {
  const before = toText(document, path);
  const node = document.createNode(value, { flow: true });
  const after = JSON.stringify(value);
  if (before !== after) changes.push(`${what} is ${after} instead of ${before ?? 'the default'}`);
  document.setIn(path, node);
}

/** `deleteIn` throws where a part of the path is missing. */
function remove(document: Document, path: Path): void {
  if (document.hasIn(path)) document.deleteIn(path);
}

function toText(document: Document, path: Path): string | null {
  const at = document.getIn(path) as { toJSON?: () => unknown } | string | number | undefined;
  if (at === undefined || at === null) return null;
  return JSON.stringify(typeof at === 'object' && at.toJSON ? at.toJSON() : at);
}

function keysAt(document: Document, path: Path): readonly string[] {
  const at = document.toJS({ maxAliasCount: 100 }) as Record<string, Record<string, unknown>>;
  return Object.keys(at[path[0]!] ?? {});
}

/** What may come to the environment; without `targets`, all that there is. */
function targetsOf(document: Document, environment: string): readonly string[] {
  const declared = keysAt(document, ['targets']);
  const { environments } = document.toJS({ maxAliasCount: 100 }) as {
    environments: Record<string, { targets?: readonly (string | { name: string })[] } | null>;
  };
  const permitted = environments[environment]?.targets;
  if (!permitted) return declared;
  const names = permitted.map((target) => (typeof target === 'string' ? target : target.name));
  return declared.filter((name) => names.includes(name));
}

function noSuchEnvironment(document: Document, environment: string): SallyportError {
  const names = keysAt(document, ['environments']);
  return new SallyportError({
    code: 'environment_missing',
    message: `The config has no environment ${environment}; it has ${names.join(', ') || 'none'}`,
    hint: `sallyport try --repo . --environment ${names[0] ?? environment}`,
    exit: exitCodes.notFound,
  });
}
