import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { GitBench } from './git.ts';

const nowhere = '0123456789012345678901234567890123456789';

export function listingContract(bench: GitBench): void {
  describe('listing', () => {
    test('names every file and link below a folder, with the id of its content', async () => {
      const { origin, git } = bench;
      const sha = origin.commitTree('main', [
        { mode: '100644', path: 'a-b', content: 'one\n' },
        { mode: '040000', path: 'a', content: { oid: folder(bench) } },
        { mode: '120000', path: 'link', content: 'a/x' },
        { mode: '100755', path: 'run', content: '#!/bin/sh\n' },
        { mode: '160000', path: 'sub', content: { oid: '1'.repeat(40) } },
      ]);
      await git.fetch();
      expect(await git.list(sha, '.')).toEqual([
        { path: 'a-b', kind: 'file', oid: oidOf('one\n') },
        { path: 'a/x', kind: 'file', oid: oidOf('é') },
        { path: 'link', kind: 'link', oid: oidOf('a/x') },
        { path: 'run', kind: 'executable', oid: oidOf('#!/bin/sh\n') },
      ]);
      expect(await git.list(sha, 'a/')).toEqual([{ path: 'x', kind: 'file', oid: oidOf('é') }]);
      expect(await git.list(sha, './a')).toBe(await git.list(sha, 'a'));
    });

    test('a folder that is not there is missing, and may be there later', async () => {
      const { origin, git } = bench;
      const sha = origin.commit('one', { file: '1' });
      await git.fetch();
      for (const path of ['nothing', 'file']) {
        await expect(git.list(sha, path)).rejects.toMatchObject({ code: 'path_missing' });
      }
      await expect(git.list(nowhere, '')).rejects.toMatchObject({ code: 'commit_missing' });
      await expect(git.list(sha, '../x')).rejects.toMatchObject({ code: 'unsafe_path' });
      const later = origin.commit('two', { file: '2' });
      await expect(git.list(later, '')).rejects.toMatchObject({ code: 'commit_missing' });
      await git.fetch();
      expect(await git.list(later, '')).toHaveLength(1);
    });

    test.each(['../up', '.git', 'a//b', '.GIT/hooks/x'])(
      'a tree with %j is refused',
      async (path) => {
        const sha = bench.origin.commitTree('main', [{ mode: '100644', path, content: 'x' }]);
        await bench.git.fetch();
        await expect(bench.git.list(sha, '')).rejects.toMatchObject({ code: 'unsafe_path' });
      },
    );

    test('reads contents in the order asked for, of older commits too', async () => {
      const { origin, git } = bench;
      const sha = origin.commit('one', { a: 'old', b: '\0\u00ff', empty: '' });
      origin.commit('two', { a: 'new', b: null, empty: null });
      await git.fetch();
      const [a, b, empty] = (await git.list(sha, '')).map(({ oid }) => oid);
      const asked = [b!, a!, empty!, a!];
      const read: [string, string][] = [];
      for await (const { oid, content } of git.read(asked, 10))
        read.push([oid, content.toString()]);
      expect(read.map(([oid]) => oid)).toEqual(asked);
      expect(read.map(([, text]) => text)).toEqual(['\0\u00ff', 'old', '', 'old']);
      for await (const _ of git.read([], 10)) expect.fail('nothing was asked for');
    });

    test('a content over the limit is refused, and one may stop in the middle', async () => {
      const { origin, git } = bench;
      const sha = origin.commit('one', { big: 'x'.repeat(101), small: 'x' });
      await git.fetch();
      const oids = (await git.list(sha, '')).map(({ oid }) => oid);
      await expect(drain(git.read(oids, 100))).rejects.toMatchObject({ code: 'file_too_large' });
      for await (const { content } of git.read(oids, 101)) {
        expect(content).toHaveLength(101);
        break;
      }
    });
  });

  describe('history', () => {
    test('names what differs between two commits, and a moved file twice', async () => {
      const { origin, git } = bench;
      const one = origin.commit('one', { 'a/x': '1', 'a/y': '1', b: '1', same: 's', 'é ü': '1' });
      const two = origin.commit('two', { 'a/x': '2', b: null, c: '1', 'a/y': null, 'd/y': '1' });
      await git.fetch();
      expect(await git.changedPaths(one, two)).toEqual(['a/x', 'a/y', 'b', 'c', 'd/y']);
      expect(await git.changedPaths(two, one)).toEqual(['a/x', 'a/y', 'b', 'c', 'd/y']);
      expect(await git.changedPaths(one, one)).toEqual([]);
      await expect(git.changedPaths(nowhere, one)).rejects.toMatchObject({
        code: 'commit_missing',
      });
      await expect(git.changedPaths(one, nowhere)).rejects.toMatchObject({
        code: 'commit_missing',
      });
    });

    test('a file that becomes a folder, and a mode that changes, differ too', async () => {
      const { origin, git } = bench;
      const one = origin.commit('one', { thing: '1', run: '1' });
      origin.commit('two', { thing: null });
      origin.git(['update-index', '--chmod=+x', 'run']);
      origin.git(['commit', '--quiet', '-m', 'mode']);
      origin.git(['config', 'core.fileMode', 'false']);
      const two = origin.commit('three', { 'thing/inside': '1', 'name\nwith line': 'x' });
      await git.fetch();
      const paths = ['name\nwith line', 'run', 'thing', 'thing/inside'];
      expect(await git.changedPaths(one, two)).toEqual(paths);
    });

    test('names the authors of what one commit has and another has not, each once', async () => {
      const { origin, git } = bench;
      const by = (name: string) => ['--author', `${name} <${name}@example.org>`];
      const commit = (name: string) => {
        origin.git(['commit', '--quiet', '--allow-empty', '-m', name, ...by(name)]);
        return origin.git(['rev-parse', 'HEAD']);
      };
      const one = commit('ann');
      commit('bob');
      commit('cy');
      const two = commit('bob');
      await git.fetch();
      const names = async (from: string | null) =>
        (await git.authorsBetween(from, two)).map(({ name }) => name);
      expect((await names(one)).toSorted()).toEqual(['bob', 'cy']);
      expect((await names(null)).toSorted()).toEqual(['ann', 'bob', 'cy']);
      expect(await names(two)).toEqual([]);
      expect(await git.authorsBetween(two, one)).toEqual([]);
      const [first] = await git.authorsBetween(one, two);
      expect(first).toEqual({ name: 'bob', email: 'bob@example.org' });
      await expect(git.authorsBetween(nowhere, one)).rejects.toMatchObject({
        code: 'commit_missing',
      });
      await expect(git.authorsBetween(null, nowhere)).rejects.toMatchObject({
        code: 'commit_missing',
      });
    });
  });
}

/** A folder with one file. */
function folder({ origin }: GitBench): string {
  const oid = origin.git(['hash-object', '-w', '--stdin'], 'é');
  return origin.git(['mktree'], `100644 blob ${oid}\tx\n`);
}

function oidOf(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

async function drain(reading: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of reading);
}
