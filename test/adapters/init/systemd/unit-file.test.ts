import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UnitFacts } from '../../../../src/adapters/init/systemd/unit-facts.ts';
import { unitFile } from '../../../../src/adapters/init/systemd/unit-file.ts';
import { unitNameOf } from '../../../../src/adapters/init/systemd/unit-name.ts';

const golden = join(import.meta.dirname, 'golden');
const none = { memory: null, cpu: null, tasks: null, files: null };

const plain: UnitFacts = {
  spec: {
    name: 'production.web.blue',
    command: ['node', 'server.js'],
    directory: '/var/lib/sallyport/releases/production/web/0a1b2c/tree',
    env: { PATH: '/usr/bin:/bin', PORT: '8001', TOKEN: 'correct-horse-battery' },
    log: '/var/lib/sallyport/logs/production.web.blue.log',
  },
  scope: 'user',
  program: '/usr/bin/node',
  environment: '/var/lib/sallyport/units/sallyport-production.web.blue.env',
  user: null,
  inherited: ['HOME', 'PATH', 'XDG_DATA_DIRS', 'not a name'],
  mapsUser: true,
};
const bounded = {
  notify: true,
  limits: { memory: 512 * 2 ** 20, cpu: 1.5, tasks: 64, files: 4096 },
  sandbox: true,
  writable: ['/srv/uploads', '/srv/it is 100%'],
};

/** One file each in `golden/`; `vitest run -u` writes them anew. */
const cases: Readonly<Record<string, UnitFacts>> = {
  'user-plain': plain,
  'user-bounded': { ...plain, spec: { ...plain.spec, supervision: bounded } },
  'user-root': { ...plain, mapsUser: false, spec: { ...plain.spec, supervision: bounded } },
  'system-plain': { ...plain, scope: 'system', user: 'sallyport' },
  'system-root': { ...plain, scope: 'system' },
  'system-bounded': {
    ...plain,
    scope: 'system',
    user: 'sallyport',
    spec: { ...plain.spec, supervision: bounded },
  },
  'user-socket': {
    ...plain,
    spec: { ...plain.spec, socket: '/var/lib/sallyport/sockets/production.web.blue.sock' },
  },
  'below-tmp': {
    ...plain,
    spec: { ...plain.spec, directory: '/tmp/try/tree', supervision: { ...bounded, limits: none } },
  },
  hostile: {
    ...plain,
    environment: '/srv/50% \\ "off"/x.env',
    spec: {
      ...plain.spec,
      directory: '/srv/50% \\ "off"',
      command: ['node', 'a b', '%h', '$HOME', '"', "'", '\\', ';', '', 'a\nb', 'ü', '\u0085'],
    },
  },
};

test.each(Object.entries(cases))('the unit %s', async (name, facts) => {
  await expect(unitFile(facts)).toMatchFileSnapshot(join(golden, `${name}.service`));
});

describe.skipIf(!hasAnalyze())('systemd itself', () => {
  test('has nothing to say against any of them', () => {
    for (const [name, facts] of Object.entries(cases)) {
      // The program and the folders have to be there.
      const checked = { ...facts, program: '/bin/true' };
      expect(verify(unitFile(checked), facts.scope), name).toBe('');
    }
  });

  test('would have said so', () => {
    const wrong = unitFile({ ...plain, program: '/bin/true' }).replace('Type=exec', 'Tpye=exec');
    expect(verify(wrong, 'user')).toContain('Tpye');
  });
});

test('secrets are not in it', () => {
  for (const facts of Object.values(cases)) {
    expect(unitFile(facts)).not.toContain('correct-horse');
  }
});

test('whatever a word is, it ends no line and begins no setting', () => {
  const lines = unitFile(plain).split('\n').length;
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }).filter(isClean)), (words) => {
      const spec = { ...plain.spec, command: ['node', ...words] as const };
      expect(unitFile({ ...plain, spec }).split('\n')).toHaveLength(lines);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['a folder with a line break', { directory: '/srv/a\nUser=root' }],
  ['a folder that ends with a backslash', { directory: '/srv/a\\' }],
  ['a folder that ends with a space', { directory: '/srv/a ' }],
  ['a word with a NUL', { command: ['node', 'a\0b'] as const }],
  ['a folder to write to with a line break', { supervision: { ...bounded, writable: ['/a\nb'] } }],
])('%s is refused', (_case, change) => {
  const facts = { ...plain, spec: { ...plain.spec, ...change } };
  expect(() => unitFile(facts)).toThrow(expect.objectContaining({ code: 'start_failed' }));
});

test.each([
  ['production.web.blue', 'sallyport-production.web.blue.service'],
  ['pro-duction.web_2.blue', 'sallyport-pro-duction.web_2.blue.service'],
  ['a b/ü@', 'sallyport-a\\x20b\\x2f\\xc3\\xbc\\x40.service'],
])('the unit of %s is %s', (name, unit) => {
  expect(unitNameOf(name)).toBe(unit);
});

function isClean(word: string): boolean {
  return !word.includes('\0');
}

function hasAnalyze(): boolean {
  if (existsSync('/usr/bin/systemd-analyze')) return true;
  const why = 'there is no systemd-analyze here: apt-get install -y systemd';
  if (process.env['CI']) throw new Error(why);
  process.stderr.write(`skipped: ${why}\n`);
  return false;
}

/** What `systemd-analyze verify` says of it, without what it says of the machine's own units. */
function verify(text: string, scope: 'system' | 'user'): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-verify-'));
  const path = join(folder, 'sallyport-probe.service');
  writeFileSync(path, text);
  const words = ['verify', '--man=no', `--${scope}`, path];
  try {
    const run = `systemd-analyze "$@" 2>&1 || true`;
    const said = execFileSync('sh', ['-c', run, 'sh', ...words], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: folder },
    });
    const lines = said.split('\n').filter((line) => /sallyport-probe|Failed/.test(line));
    return lines.join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
