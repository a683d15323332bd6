/** As many links in a row as Linux follows; a longer chain is an error when opened, and leads nowhere. */
const maxHops = 40;

/**
 * The first symbolic link that leads out of the tree, also by way of other links.
 * `links` maps each link's path to what it points at.
 */
export function findEscapingLink(
  links: ReadonlyMap<string, string>,
): { readonly path: string; readonly why: string } | null {
  for (const [path, target] of links) {
    if (escapes(path, links)) return { path, why: `points out of the tree, at ${target}` };
  }
  return null;
}

/** Follows the link as the kernel would, part by part, from the tree's root. */
function escapes(link: string, links: ReadonlyMap<string, string>): boolean {
  const ahead = link.split('/');
  const here: string[] = [];
  let hops = 0;
  while (ahead.length > 0) {
    const part = ahead.shift()!;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (here.pop() === undefined) return true;
      continue;
    }
    here.push(part);
    const target = links.get(here.join('/'));
    if (target === undefined) continue;
    if (target.startsWith('/') || target.includes('\0')) return true;
    if (++hops > maxHops) return false;
    here.pop();
    ahead.unshift(...target.split('/'));
  }
  return false;
}
