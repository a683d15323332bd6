import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

export interface Folder {
  readonly path: string;
  /** Paths that are no part of it, wherever they are: the agent's own state. */
  readonly leaveOut: readonly string[];
}

/** What counts before anything that the folder says of itself: no content is ever converted, nor sent through a program. */
const asTheyAre = '* -text !eol -ident -filter !working-tree-encoding\n';

export async function prepareSnapshots(cache: string, folder: Folder): Promise<void> {
  const info = join(cache, 'info');
  await mkdir(info, { recursive: true });
  await writeFile(join(info, 'attributes'), asTheyAre);
  await writeFile(
    join(info, 'exclude'),
    [cache, ...folder.leaveOut].map(exclusion(folder)).join(''),
  );
}

function exclusion({ path: folder }: Folder): (path: string) => string {
  return (path) => {
    const below = relative(resolve(folder), resolve(path));
    if (below === '' || below === '..' || below.startsWith('../')) return '';
    return `/${below.replaceAll(/[\\*?[\] !#]/g, String.raw`\$&`)}\n`;
  };
}
