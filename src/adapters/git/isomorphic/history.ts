import fs from 'node:fs';
import git from 'isomorphic-git';
import type { Sha } from '../../../model/job.ts';
import type { GitAuthor } from '../../../ports/git.ts';
import { distinctAuthors } from '../distinct-authors.ts';
import { commitMissing } from '../git-errors.ts';
import { hasCommit, type Reading } from './read.ts';

/** Paths that differ between the trees of two commits; a file that moved is two of them. */
export async function changedPaths(
  reading: Reading,
  from: Sha,
  to: Sha,
): Promise<readonly string[]> {
  const paths: string[] = [];
  const [before, after] = [await treeOf(reading, from), await treeOf(reading, to)];
  await compare(reading, before, after, '', paths);
  return paths.toSorted();
}

export async function authorsBetween(
  reading: Reading,
  from: Sha | null,
  to: Sha,
): Promise<readonly GitAuthor[]> {
  const known =
    from === null ? new Set() : new Set((await log(reading, from)).map(({ oid }) => oid));
  const commits = (await log(reading, to)).filter(({ oid }) => !known.has(oid));
  return distinctAuthors(commits.map(({ author: { name, email } }) => ({ name, email })));
}

async function log(reading: Reading, sha: Sha) {
  if (!(await hasCommit(reading, sha))) throw commitMissing(sha);
  const commits = await git.log({ fs, ...reading, ref: sha });
  return commits.map(({ oid, commit: { author } }) => ({ oid, author }));
}

async function treeOf(reading: Reading, sha: Sha): Promise<string> {
  if (!(await hasCommit(reading, sha))) throw commitMissing(sha);
  return (await git.readCommit({ fs, ...reading, oid: sha })).commit.tree;
}

interface Child {
  readonly oid: string;
  readonly mode: string;
  readonly type: string;
}

async function childrenOf(
  reading: Reading,
  oid: string | null,
): Promise<ReadonlyMap<string, Child>> {
  if (oid === null) return new Map();
  const { tree } = await git.readTree({ fs, ...reading, oid });
  return new Map(tree.map((child) => [child.path, child]));
}

/** Goes down only where two trees differ. */
async function compare(
  reading: Reading,
  before: string | null,
  after: string | null,
  above: string,
  paths: string[],
): Promise<void> {
  const [was, is] = [await childrenOf(reading, before), await childrenOf(reading, after)];
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    const [one, other] = [was.get(name), is.get(name)];
    if (one?.oid === other?.oid && one?.mode === other?.mode) continue;
    const [oneTree, otherTree] = [folder(one), folder(other)];
    if ((one && !oneTree) || (other && !otherTree)) paths.push(above + name);
    if (oneTree !== null || otherTree !== null) {
      await compare(reading, oneTree, otherTree, `${above}${name}/`, paths);
    }
  }
}

function folder(child: Child | undefined): string | null {
  return child?.type === 'tree' ? child.oid : null;
}
