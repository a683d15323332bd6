import { describe, expect, test } from 'vitest';
import type { GitBench } from './git.ts';

const nowhere = '0123456789012345678901234567890123456789';

export function readingContract(bench: GitBench): void {
  describe('reading', () => {
    test('reads a file of any commit that was fetched', async () => {
      const one = bench.origin.commit('one', { 'dir/config.yml': 'version: 1\n' });
      const two = bench.origin.commit('two', { 'dir/config.yml': 'version: 2 é\n' });
      await bench.git.fetch();
      expect(await bench.git.readFile(one, 'dir/config.yml', 100)).toBe('version: 1\n');
      expect(await bench.git.readFile(two, './dir/config.yml', 100)).toBe('version: 2 é\n');
    });

    test('comes to an end every time, whatever the program has still to say', async () => {
      const one = bench.origin.commit('one', { 'dir/config.yml': 'version: 1\n' });
      await bench.git.fetch();
      for (let time = 0; time < 60; time += 1) {
        expect(await bench.git.readFile(one, 'dir/config.yml', 100)).toBe('version: 1\n');
      }
    });

    test('what is no file reads as nothing', async () => {
      const link = { mode: '120000', path: 'link', content: 'file' };
      const file = { mode: '100644', path: 'file', content: 'x' };
      const sha = bench.origin.commitTree('main', [file, link]);
      await bench.git.fetch();
      for (const path of ['missing', 'file/below', 'link', '']) {
        expect(await bench.git.readFile(sha, path, 100)).toBeNull();
      }
    });

    test('a file over the limit is refused', async () => {
      const sha = bench.origin.commit('one', { big: 'x'.repeat(101) });
      await bench.git.fetch();
      await expect(bench.git.readFile(sha, 'big', 100)).rejects.toMatchObject({
        code: 'file_too_large',
      });
    });

    test('a path that leads out of the repository is refused', async () => {
      const sha = bench.origin.commit('one', { a: '1' });
      await bench.git.fetch();
      for (const path of ['../a', '/etc/passwd', 'a/../../b', 'a\0b']) {
        const reading = bench.git.readFile(sha, path, 100);
        await expect(reading).rejects.toMatchObject({ code: 'unsafe_path' });
      }
    });

    test('a commit that is not there is missing, and stays so', async () => {
      const sha = bench.origin.commit('one', { a: '1' });
      await bench.git.fetch();
      const { git } = bench;
      const missing = { code: 'commit_missing' };
      expect(await git.has(nowhere)).toBe(false);
      await expect(git.readFile(nowhere, 'a', 10)).rejects.toMatchObject(missing);
      await expect(git.describe(nowhere)).rejects.toMatchObject(missing);
      await expect(git.isAncestor(nowhere, sha)).rejects.toMatchObject(missing);
      await expect(git.isAncestor(sha, nowhere)).rejects.toMatchObject(missing);
      await expect(git.layOut(nowhere, '.', bench.destination)).rejects.toMatchObject(missing);
    });

    test('knows what is reachable from what', async () => {
      const { origin } = bench;
      const base = origin.commit('base', { a: '1' });
      origin.git(['checkout', '--quiet', '-b', 'side']);
      const side = origin.commit('side', { b: '1' });
      origin.git(['checkout', '--quiet', 'main']);
      const main = origin.commit('main', { c: '1' });
      origin.git(['merge', '--quiet', '--no-ff', '-m', 'merge', 'side']);
      const merge = origin.git(['rev-parse', 'HEAD']);
      const { git } = bench;
      await git.fetch();
      expect(await git.isAncestor(base, base)).toBe(true);
      expect(await git.isAncestor(base, merge)).toBe(true);
      expect(await git.isAncestor(side, merge)).toBe(true);
      expect(await git.isAncestor(side, main)).toBe(false);
      expect(await git.isAncestor(merge, base)).toBe(false);
    });

    test('describes a commit for people', async () => {
      const sha = bench.origin.commit('Add é\n\nand a body', { a: '1' });
      await bench.git.fetch();
      expect(await bench.git.describe(sha)).toEqual({
        subject: 'Add é',
        author: { name: 'Ada', email: 'ada@example.org' },
        at: Date.parse('2026-01-02T03:04:05Z'),
      });
    });
  });
}
