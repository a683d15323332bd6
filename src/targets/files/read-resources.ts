import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document } from 'yaml';
import { isObject } from './field-changes.ts';
import { jsonErrorOffset } from './json-offset.ts';

/** A file of more bytes is not read as resources. */
export const maxResourceBytes = 4 * 1024 * 1024;
const maxDepth = 64;
const maxAliases = 100;

/** What a file says of resources, by their names; or why it cannot be read. */
export type ReadResources =
  | { readonly ok: true; readonly resources: ReadonlyMap<string, unknown> }
  | { readonly ok: false; readonly line: number | null; readonly why: string };

/** A file with one resource, a list of them, or several documents of either. Never throws. */
export function readResources(text: string, path: string, key: string): ReadResources {
  try {
    const found = /\.(?:geo)?json$/i.test(path) ? fromJson(text) : fromYaml(text);
    return { ok: true, resources: byName(found, key) };
  } catch (thrown) {
    if (thrown instanceof Unreadable) return { ok: false, line: thrown.line, why: thrown.message };
    // The parser itself, on a text that is nested without end.
    return { ok: false, line: null, why: 'it is nested too deeply' };
  }
}

/** A value, and where it stands. */
interface Found {
  readonly value: unknown;
  readonly line: number | null;
}

class Unreadable extends Error {
  readonly line: number | null;

  constructor(line: number | null, why: string) {
    super(why);
    this.line = line;
  }
}

function byName(found: readonly Found[], key: string): ReadonlyMap<string, unknown> {
  const resources = new Map<string, unknown>();
  for (const { value, line } of found) {
    const name = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    if (!isName(name)) throw new Unreadable(line, `a resource in it has no usable \`${key}\``);
    if (resources.has(String(name))) throw new Unreadable(line, `${name} stands in it twice`);
    resources.set(String(name), value);
  }
  return resources;
}

/** What can be shown on a line. */
function isName(value: unknown): value is string | number {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' && /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,255}$/u.test(value);
}

function fromJson(text: string): readonly Found[] {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const line = text.slice(0, jsonErrorOffset(text)).split('\n').length;
    throw new Unreadable(line, withoutText((error as Error).message));
  }
  assertShallow(value, 0);
  return (Array.isArray(value) ? value : [value]).map((each: unknown) => ({
    value: each,
    line: null,
  }));
}

/** V8 quotes what it read, which may be a secret. */
function withoutText(message: string): string {
  return message.replace(/, (?:\.\.\.)?".*" is not valid JSON$/s, ' is not valid JSON');
}

function assertShallow(value: unknown, depth: number): void {
  if (depth > maxDepth) throw new Unreadable(null, 'it is nested too deeply');
  if (typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, '__proto__')) throw new Unreadable(null, 'it has a key `__proto__`');
  for (const child of Object.values(value)) assertShallow(child, depth + 1);
}

function fromYaml(text: string): readonly Found[] {
  const lines = new LineCounter();
  const lineOf = (node: unknown): number => {
    const offset = (node as { range?: readonly number[] | null } | null)?.range?.[0] ?? 0;
    return Math.max(lines.linePos(offset).line, 1);
  };
  const options = { lineCounter: lines, uniqueKeys: false, prettyErrors: false, merge: true };
  const documents = [...parseAllDocuments(text, options)];
  for (const { errors, contents } of documents) {
    const [error] = errors;
    if (error !== undefined) {
      throw new Unreadable(lines.linePos(error.pos[0]).line, error.message.slice(0, 200));
    }
    assertPlain(contents, 0, lineOf);
  }
  return documents
    .filter(({ contents }) => contents !== null)
    .flatMap((it) => valuesOf(it, lineOf));
}

function valuesOf(document: Document, lineOf: (node: unknown) => number): readonly Found[] {
  const { contents } = document;
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: maxAliases });
  } catch {
    throw new Unreadable(lineOf(contents), `it expands aliases more than ${maxAliases} times`);
  }
  if (value === null) return [];
  if (!isSeq(contents) || !Array.isArray(value)) return [{ value, line: lineOf(contents) }];
  return value.map((each: unknown, at) => ({ value: each, line: lineOf(contents.items[at]) }));
}

/** The parser compares each key with every other one to find duplicates, which a hostile file makes slow. */
function assertPlain(node: unknown, depth: number, lineOf: (node: unknown) => number): void {
  if (depth > maxDepth) throw new Unreadable(lineOf(node), 'it is nested too deeply');
  if (isSeq(node)) for (const item of node.items) assertPlain(item, depth + 1, lineOf);
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : null;
    if (name === null) throw new Unreadable(lineOf(key), 'a key in it is no plain word');
    if (name === '__proto__' || (seen.has(name) && name !== '<<')) {
      throw new Unreadable(lineOf(key), `the key \`${name}\` may not stand there (again)`);
    }
    seen.add(name);
    assertPlain(value, depth + 1, lineOf);
  }
}
