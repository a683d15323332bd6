import { canonicalJson } from '../../model/digest.ts';

/** A place in a value that differs. */
export interface FieldChange {
  /** Names and positions: `['fields', 2, 'type']`. A position is the new one, of what is removed the old one. */
  readonly path: readonly (string | number)[];
  readonly kind: 'added' | 'removed' | 'changed';
  readonly from?: unknown;
  readonly to?: unknown;
}

type Path = FieldChange['path'];

/**
 * Where two values differ. Elements of a list are found again by one of the `identities` (`name`),
 * where all have it, else by being equal: one that is removed in the middle does not change those after it.
 */
export function fieldChanges(
  from: unknown,
  to: unknown,
  identities: readonly string[],
  path: Path = [],
): readonly FieldChange[] {
  if (Array.isArray(from) && Array.isArray(to)) return inLists(from, to, identities, path);
  if (!isObject(from) || !isObject(to)) {
    return isEqual(from, to) ? [] : [{ path, kind: 'changed', from, to }];
  }
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names.flatMap((name): readonly FieldChange[] => {
    const at = [...path, name];
    if (!Object.hasOwn(from, name)) return [{ path: at, kind: 'added', to: to[name] }];
    if (!Object.hasOwn(to, name)) return [{ path: at, kind: 'removed', from: from[name] }];
    return fieldChanges(from[name], to[name], identities, at);
  });
}

/** `fields[2].type` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[\w-]+$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

function inLists(
  from: readonly unknown[],
  to: readonly unknown[],
  identities: readonly string[],
  path: Path,
): readonly FieldChange[] {
  const pairs = pairUp(from, to, identities);
  const changes = [...pairs].flatMap(([now, before]) =>
    fieldChanges(from[before], to[now], identities, [...path, now]),
  );
  const kept = new Set(pairs.values());
  for (const [at, element] of from.entries()) {
    if (!kept.has(at)) changes.push({ path: [...path, at], kind: 'removed', from: element });
  }
  for (const [at, element] of to.entries()) {
    if (!pairs.has(at)) changes.push({ path: [...path, at], kind: 'added', to: element });
  }
  const order = [...pairs].toSorted(([a], [b]) => a - b).map(([, before]) => before);
  const isMoved = order.some((before, at) => at > 0 && before < order[at - 1]!);
  return isMoved ? [...changes, { path, kind: 'changed', from, to }] : changes;
}

/** Which old position each new one comes from. */
function pairUp(
  from: readonly unknown[],
  to: readonly unknown[],
  identities: readonly string[],
): ReadonlyMap<number, number> {
  const identity = identities.find((name) => identifies(name, from) && identifies(name, to));
  const idOf = (element: unknown): string =>
    identity === undefined ? canonicalJson(element) : canonicalJson(valueOf(element, identity));
  const positions = new Map<string, number[]>();
  for (const [at, element] of from.entries()) {
    const id = idOf(element);
    positions.set(id, [...(positions.get(id) ?? []), at]);
  }
  const pairs = new Map<number, number>();
  for (const [at, element] of to.entries()) {
    const before = positions.get(idOf(element))?.shift();
    if (before !== undefined) pairs.set(at, before);
  }
  return identity === undefined ? withObjects(pairs, from, to) : pairs;
}

/** Objects that nothing identifies are taken for the same ones in their order. */
function withObjects(
  pairs: Map<number, number>,
  from: readonly unknown[],
  to: readonly unknown[],
): ReadonlyMap<number, number> {
  const kept = new Set(pairs.values());
  const left = [...from.keys()].filter((at) => !kept.has(at) && isObject(from[at]));
  const added = [...to.keys()].filter((at) => !pairs.has(at) && isObject(to[at]));
  for (const [index, at] of added.entries()) {
    const before = left[index];
    if (before !== undefined) pairs.set(at, before);
  }
  return pairs;
}

function identifies(name: string, elements: readonly unknown[]): boolean {
  const ids = elements.map((element) => valueOf(element, name));
  return ids.every(isName) && new Set(ids.map(String)).size === ids.length;
}

function isName(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function valueOf(element: unknown, name: string): unknown {
  return isObject(element) && Object.hasOwn(element, name) ? element[name] : undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEqual(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || canonicalJson(a ?? null) === canonicalJson(b ?? null);
}
