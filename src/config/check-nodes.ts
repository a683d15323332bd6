import { isAlias, isMap, isNode, isScalar, isSeq, type Document } from 'yaml';
import type { Path } from './problem.ts';

interface NodeProblem {
  readonly offset: number;
  readonly path: Path;
  readonly message: string;
}

const maxDepth = 40;

/**
 * What YAML allows and a configuration must not: a key twice, a key that is no plain word, a key
 * that means something else to JavaScript. The YAML library finds duplicates too, but compares
 * every key with every other one, which takes minutes for a hostile file.
 */
export function checkNodes(document: Document): readonly NodeProblem[] {
  const found: NodeProblem[] = [];
  const anchors = new Set<string>();
  const visit = (node: unknown, path: Path): void => {
    if (path.length > maxDepth) {
      found.push({ offset: offsetOf(node), path, message: 'The file is nested too deeply.' });
      return;
    }
    if (isAlias(node)) {
      if (anchors.has(node.source)) return;
      const message = `The alias \`*${node.source}\` leads nowhere; quote it if a star was meant.`;
      found.push({ offset: offsetOf(node), path, message });
      return;
    }
    if (isNode(node) && 'anchor' in node && node.anchor !== undefined) anchors.add(node.anchor);
    if (isSeq(node)) node.items.forEach((item, index) => visit(item, [...path, index]));
    if (!isMap(node)) return;
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      const offset = offsetOf(key);
      if (!isScalar(key)) {
        found.push({ offset, path, message: 'A key must be a plain word.' });
        continue;
      }
      const name = String(key.value);
      const message = keyProblem(name, seen);
      if (message !== null) found.push({ offset, path: [...path, name], message });
      seen.add(name);
      visit(value, [...path, name]);
    }
  };
  visit(document.contents, []);
  return found;
}

function keyProblem(name: string, seen: ReadonlySet<string>): string | null {
  if (name === '__proto__') return 'The name `__proto__` is reserved.';
  if (name === '<<') return 'Merge keys (`<<`) are not read; write the keys out.';
  return seen.has(name) ? `The key \`${name}\` is given twice.` : null;
}

function offsetOf(node: unknown): number {
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  return range?.[0] ?? 0;
}
