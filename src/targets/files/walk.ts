import { readdirSync } from 'node:fs';

/**
 * Every path below a directory that is no directory itself; folders in `skipped` are not looked into.
 * Asynchronous calls would cost several times as much as the disk's answer, which is in memory mostly.
 */
export function* walk(root: string, skipped: ReadonlySet<string>): Generator<string> {
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const place = folder === '' ? root : `${root}/${folder}`;
    for (const entry of readdirSync(place, { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (skipped.has(path)) continue;
      if (entry.isDirectory()) folders.push(path);
      else yield path;
    }
  }
}

/** Every folder below a directory that has nothing in it. */
export function* walkEmptyFolders(root: string, skipped: ReadonlySet<string>): Generator<string> {
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = readdirSync(`${root}/${folder}`, { withFileTypes: true });
    if (entries.length === 0 && folder !== '') yield folder;
    const paths = entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => (folder === '' ? name : `${folder}/${name}`));
    folders.push(...paths.filter((path) => !skipped.has(path)));
  }
}
