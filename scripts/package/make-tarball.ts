import { dirname, basename, join } from 'node:path';
import { execa } from 'execa';
import { writtenAt } from './written-at.ts';
import type { Release } from './stage-tree.ts';

/** The tree with its folder, the same bytes whenever the same commit is packed. */
export async function makeTarball(
  tree: string,
  out: string,
  { version, architecture, level }: Release,
): Promise<string> {
  const path = join(out, `sallyport-${version}-linux-${architecture}.tar.gz`);
  const owner = ['--owner=0', '--group=0', '--numeric-owner'];
  const order = [
    '--sort=name',
    `--mtime=@${await writtenAt()}`,
    `--use-compress-program=gzip -n -${level}`,
  ];
  await execa('tar', ['-c', ...owner, ...order, '-f', path, '-C', dirname(tree), basename(tree)]);
  return path;
}
