import { existsSync, lstatSync, readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RawEntry } from '../support/git-repository.ts';
import type { GitBench } from './git.ts';

export function layingOutContract(bench: GitBench): void {
  describe('laying out', () => {
    test('writes files, executable bits and links, byte for byte', async () => {
      const { origin, destination } = bench;
      const bytes = 'line\r\n$Id$\0\n';
      const sha = origin.commitTree('main', [
        { mode: '100644', path: '.gitattributes', content: '* text eol=lf ident export-ignore' },
        { mode: '120000', path: 'also', content: './dir/../run.sh' },
        { mode: '100644', path: 'plain', content: bytes },
        { mode: '100755', path: 'run.sh', content: '#!/bin/sh\n' },
      ]);
      await bench.git.fetch();
      await bench.git.layOut(sha, '.', destination);
      expect(readdirSync(destination)).toEqual(['.gitattributes', 'also', 'plain', 'run.sh']);
      expect(readFileSync(join(destination, 'plain'), 'latin1')).toBe(bytes);
      expect(readlinkSync(join(destination, 'also'))).toBe('./dir/../run.sh');
      expect(statSync(join(destination, 'run.sh')).mode & 0o100).toBe(0o100);
      expect(statSync(join(destination, 'plain')).mode & 0o111).toBe(0);
    });

    test('writes one folder alone, of a commit that is no longer a tip', async () => {
      const { origin, destination } = bench;
      const sha = origin.commit('one', { 'app/server.js': 'old', 'app/lib/a.js': '1', other: 'x' });
      origin.commit('two', { 'app/server.js': 'new' });
      await bench.git.fetch();
      await bench.git.layOut(sha, 'app/', destination);
      expect(readdirSync(destination)).toEqual(['lib', 'server.js']);
      expect(readFileSync(join(destination, 'server.js'), 'utf8')).toBe('old');
    });

    test('a folder that is not there is missing', async () => {
      const sha = bench.origin.commit('one', { file: '1' });
      await bench.git.fetch();
      for (const path of ['nothing', 'file']) {
        await expect(bench.git.layOut(sha, path, bench.destination)).rejects.toMatchObject({
          code: 'path_missing',
        });
      }
    });

    test('submodules are left out', async () => {
      const sub = { mode: '160000', path: 'sub', content: { oid: '1'.repeat(40) } };
      const modules = '[submodule "sub"]\n\tpath = sub\n\turl = ext::touch /tmp/owned\n';
      const sha = bench.origin.commitTree('main', [
        { mode: '100644', path: '.gitmodules', content: modules },
        sub,
      ]);
      await bench.git.fetch();
      await bench.git.layOut(sha, '', bench.destination);
      expect(existsSync(join(bench.destination, 'sub'))).toBe(false);
    });

    test('files of many megabytes arrive whole', async () => {
      const sha = bench.origin.commit('one', { big: 'abcdefgh'.repeat(2 ** 20), small: 's' });
      await bench.git.fetch();
      await bench.git.layOut(sha, '.', bench.destination);
      expect(lstatSync(join(bench.destination, 'big')).size).toBe(2 ** 23);
      expect(readFileSync(join(bench.destination, 'small'), 'utf8')).toBe('s');
    });

    const file = (path: string): RawEntry => ({ mode: '100644', path, content: 'x' });
    const link = (path: string, content: string): RawEntry => ({ mode: '120000', path, content });
    test.each<[string, readonly RawEntry[]]>([
      ['a name that climbs', [file('../up')]],
      ['a name that climbs from below', [file('a/../../up')]],
      ['a rooted name', [file('/etc/x')]],
      ['a .git file', [file('.git')]],
      ['a .git folder in other letters', [file('.GIT/hooks/post-checkout')]],
      ['an 8.3 name of .git', [file('git~1')]],
      ['a .git with characters that some systems ignore', [file('.g\u200cit')]],
      ['a link to a rooted path', [link('l', '/etc/passwd')]],
      ['a link that climbs', [link('l', '../x')]],
      ['a link that climbs by way of another', [link('a', '.'), link('b', 'a/../x')]],
      ['a file below a link', [link('l', 'elsewhere'), file('l/x')]],
      ['a name that stands twice', [file('x'), link('x', 'y')]],
    ])('%s is refused, and nothing is written', async (_, entries) => {
      const sha = bench.origin.commitTree('main', entries);
      await bench.git.fetch();
      const laying = bench.git.layOut(sha, '.', bench.destination);
      await expect(laying).rejects.toMatchObject({ code: 'unsafe_path' });
      expect(existsSync(bench.destination)).toBe(false);
      expect(existsSync(`${bench.destination}.partial`)).toBe(false);
    });
  });
}
