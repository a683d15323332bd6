import { isObject, pathText, type FieldChange } from './field-changes.ts';
import { isNarrowed } from './narrowing.ts';

/**
 * The first of the rules that a change of fields breaks, in words; `null` where it breaks none.
 * `type`: the field, or anything in it, changed or went. `fields[-]`: an element or a field of it
 * went. With any rule at all, a type that gets narrower breaks too.
 */
export function whyBreaking(
  rules: readonly string[],
  changes: readonly FieldChange[],
): string | null {
  if (rules.length === 0) return null;
  for (const rule of rules) {
    const pattern = partsOf(rule);
    const broken = changes.find((change) => breaks(pattern, change));
    if (broken !== undefined) return `${pathText(broken.path)} ${inWords(broken)}`;
  }
  const narrowed = changes.find(isNarrowed);
  return narrowed === undefined
    ? null
    : `${pathText(narrowed.path)} ${inWords(narrowed)}, which is narrower`;
}

function breaks(pattern: readonly string[], { path, kind, from, to }: FieldChange): boolean {
  if (kind === 'added') return false;
  const asksRemoval = pattern.at(-1) === '-';
  if (asksRemoval && path.length === pattern.length) {
    return kind === 'removed' && startsWith(path, pattern.slice(0, -1));
  }
  if (path.length >= pattern.length) return !asksRemoval && startsWith(path, pattern);
  // Something that the field was in went, or became something else.
  const isMoved = kind === 'changed' && Array.isArray(from) && Array.isArray(to);
  return !isMoved && startsWith(pattern, path) && holds(from, pattern.slice(path.length));
}

/** `path` begins with `start`; `*` stands for any one. */
function startsWith(path: FieldChange['path'], start: FieldChange['path']): boolean {
  return start.every(
    (part, at) => part === '*' || path[at] === '*' || String(path[at]) === String(part),
  );
}

function holds(value: unknown, rest: readonly string[]): boolean {
  const [name, ...further] = rest;
  if (name === undefined) return true;
  if (!isObject(value) && !Array.isArray(value)) return false;
  const inner = Object.entries(value).filter(([key]) => '*-'.includes(name) || key === name);
  return inner.some(([, child]) => holds(child, further));
}

/** `fields[*].type` → `fields`, `*`, `type`. `[-]` says something of its own at the end only. */
function partsOf(rule: string): readonly string[] {
  const parts = rule.split(/[.[\]]+/).filter((part) => part !== '');
  return parts.map((part, at) => (part === '-' && at < parts.length - 1 ? '*' : part));
}

function inWords({ kind, from, to }: FieldChange): string {
  if (kind !== 'changed') return `is ${kind}`;
  const [before, after] = [short(from), short(to)];
  return before === null || after === null ? 'is changed' : `becomes ${after}, was ${before}`;
}

function short(value: unknown): string | null {
  const text = typeof value === 'object' && value !== null ? '' : String(value);
  return /^[\x20-\x7e]{1,40}$/.test(text) ? text : null;
}
