import { isAlias, isMap, isScalar, isSeq, type Document, type Node } from 'yaml';
import type { Path } from './problem.ts';

/** The offset of the key or the value at a path; where there is none, of what would hold it. */
export function locate(document: Document, path: Path, on: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const entry = entryOf(node, step);
    if (!entry) return offset;
    const isLast = depth === path.length - 1;
    const wanted = isLast && on === 'value' ? entry.value : entry.key;
    offset = offsetOf(wanted) ?? offsetOf(entry.key) ?? offset;
    node = entry.value;
  }
  return offset;
}

function entryOf(node: unknown, step: string | number): { key: unknown; value: unknown } | null {
  if (isSeq(node)) {
    const value = node.items[Number(step)];
    return value === undefined ? null : { key: value, value };
  }
  if (!isMap(node)) return null;
  return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step)) ?? null;
}

function offsetOf(node: unknown): number | null {
  return (node as Node | null)?.range?.[0] ?? null;
}
