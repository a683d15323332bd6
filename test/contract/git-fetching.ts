import { describe, expect, test } from 'vitest';
import type { GitBench } from './git.ts';

export function fetchingContract(bench: GitBench): void {
  describe('fetching', () => {
    test('brings heads and tags, annotated tags peeled, and nothing else', async () => {
      const { origin } = bench;
      const one = origin.commit('one', { 'a.txt': '1' });
      origin.git(['tag', 'light']);
      origin.git(['tag', '--annotate', '-m', 'first', 'v1']);
      origin.git([
        '-c',
        'advice.nestedTag=false',
        'tag',
        '--annotate',
        '-m',
        'tag of a tag',
        'nested',
        'v1',
      ]);
      const two = origin.commit('two', { 'a.txt': '2' });
      origin.git(['update-ref', 'refs/pull/7/head', two]);
      origin.git(['update-ref', 'refs/heads/main', one]);
      const refs = await bench.git.fetch();
      expect(sorted(refs)).toEqual([
        `refs/heads/main ${one}`,
        `refs/tags/light ${one}`,
        `refs/tags/nested ${one}`,
        `refs/tags/v1 ${one}`,
      ]);
      expect(sorted(await bench.git.refs())).toEqual(sorted(refs));
      expect(await bench.git.has(two)).toBe(false);
    });

    test('follows forced pushes, moved tags and deletions', async () => {
      const { origin } = bench;
      origin.commit('one', { 'a.txt': '1' });
      origin.git(['tag', 'moved']);
      origin.git(['branch', 'gone']);
      origin.git(['branch', 'folder']);
      origin.git(['tag', 'lost']);
      await bench.git.fetch();
      origin.git(['commit', '--quiet', '--amend', '-m', 'one, again']);
      const again = origin.git(['rev-parse', 'HEAD']);
      origin.git(['tag', '--force', 'moved']);
      origin.git(['branch', '-D', 'gone', 'folder']);
      origin.git(['branch', 'folder/inside']);
      origin.git(['tag', '--delete', 'lost']);
      expect(sorted(await bench.git.fetch())).toEqual([
        `refs/heads/folder/inside ${again}`,
        `refs/heads/main ${again}`,
        `refs/tags/moved ${again}`,
      ]);
    });

    test('an empty repository has no refs', async () => {
      expect(await bench.git.fetch()).toEqual([]);
      expect(await bench.git.refs()).toEqual([]);
    });

    test('fetches that are asked for at once follow each other', async () => {
      const sha = bench.origin.commit('one', { 'a.txt': '1' });
      const other = await bench.open(bench.cache, bench.url);
      const all = await Promise.all([bench.git.fetch(), other.fetch(), bench.git.fetch()]);
      expect(all.map(sorted)).toEqual([1, 2, 3].map(() => [`refs/heads/main ${sha}`]));
    });

    test('a server that is gone is unreachable, and the cache still reads', async () => {
      const sha = bench.origin.commit('one', { 'a.txt': '1' });
      await bench.git.fetch();
      const away = await bench.open(bench.cache, 'http://127.0.0.1:9/repo.git');
      await expect(away.fetch()).rejects.toMatchObject({ code: 'git_unreachable', next: 'retry' });
      expect(await away.readFile(sha, 'a.txt', 100)).toBe('1');
      await away.layOut(sha, '.', bench.destination);
    });

    test('a repository that does not exist is refused', async () => {
      const git = await bench.open(bench.cache, `${bench.server.url}/nothing/.git`);
      await expect(git.fetch()).rejects.toMatchObject({ code: 'git_refused', next: 'user' });
    });

    test('lets in with the right token only, and says no token in the error', async () => {
      const sha = bench.origin.commit('one', { 'a.txt': '1' });
      bench.server.token = 'right-token';
      const good = await bench.open(bench.cache, bench.url, async () => 'right-token');
      const bad = await bench.open(bench.cache, bench.url, async () => 'wrong-token');
      const error: unknown = await bad.fetch().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'git_refused' });
      expect(String(error)).not.toContain('wrong-token');
      await expect(bench.git.fetch()).rejects.toMatchObject({ code: 'git_refused' });
      expect(sorted(await good.fetch())).toEqual([`refs/heads/main ${sha}`]);
    });

    test('can be given up, and works afterwards', async () => {
      const sha = bench.origin.commit('one', { 'a.txt': '1' });
      bench.server.delayMs = 60_000;
      const stop = new AbortController();
      const fetching = bench.git.fetch(stop.signal);
      setTimeout(() => stop.abort(new Error('given up')), 100);
      await expect(fetching).rejects.toThrow('given up');
      bench.server.delayMs = 0;
      expect(sorted(await bench.git.fetch())).toEqual([`refs/heads/main ${sha}`]);
    });
  });
}

function sorted(refs: readonly { name: string; sha: string }[]): readonly string[] {
  return refs.map(({ name, sha }) => `${name} ${sha}`).toSorted();
}
