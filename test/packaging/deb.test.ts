import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasOtherRoot, inOtherRoot } from '../support/packaging/other-root.ts';

const agent = `name: web-1
environments: [production]
source: { git: "https://git.example.org/acme/shop.git" }
`;
let folder = '';
let deb = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sp-deb-'));
  const words = ['scripts/package.ts', '--level', '1', '--out', join(folder, 'out')];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  deb = readdirSync(join(folder, 'out')).find((name) => name.endsWith('.deb'))!;
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!hasOtherRoot())(
  'the .deb is installed, runs with a Node of its own, is installed again, and goes without a trace',
  () => {
    writeFileSync(join(folder, 'agent.yml'), agent);
    const { status, stdout, stderr } = inOtherRoot(
      `
      dpkg -i /mnt/in/out/${deb} >/dev/null
      rm -f "$(command -v node || echo /none)"
      sallyport --version
      sallyport validate --agent /mnt/in/agent.yml
      readlink /opt/sallyport/current
      dpkg -i /mnt/in/out/${deb} >/dev/null
      test -f /usr/share/bash-completion/completions/sallyport
      find /opt/sallyport ! -user root | wc -l
      dpkg -r sallyport >/dev/null
      test ! -e /opt/sallyport && test ! -e /usr/bin/sallyport && echo gone`,
      folder,
    );
    expect(stderr).toBe('');
    const lines = stdout.trim().split('\n');
    expect(lines).toEqual([
      '0.1.0',
      expect.stringContaining('valid'),
      'versions/0.1.0',
      '0',
      'gone',
    ]);
    expect(status).toBe(0);
  },
  120_000,
);
