import { expect, test } from 'vitest';
import { assumeConfig } from '../../../src/sandbox/rehearsal/assume-config.ts';

const packageOf = (content: object) => JSON.stringify(content);

test.each([
  ['no dependencies', { scripts: { start: 'node .' } }, false, null],
  [
    'a lock file',
    { scripts: { start: 'node .' }, dependencies: { a: '1' } },
    true,
    'build: [npm, ci, --omit=dev]',
  ],
  [
    'no lock file',
    { scripts: { start: 'node .' }, dependencies: { a: '1' } },
    false,
    'build: [npm, install, --omit=dev]',
  ],
])('%s', (_name, content, hasLockFile, build) => {
  const text = assumeConfig({ packageJson: packageOf(content), hasLockFile }, 'production');
  expect(text).toContain('run: [npm, start]');
  if (build) expect(text).toContain(build);
  else expect(text).not.toContain('build:');
});

test.each([
  ['no start script', packageOf({ scripts: {} }), 'nothing_to_run'],
  ['no package.json', null, 'nothing_to_run'],
  ['a package.json that is a string', '"x"', 'nothing_to_run'],
  ['a package.json that does not parse', '{', 'package_json_invalid'],
])('%s', (_name, packageJson, code) => {
  expect(() => assumeConfig({ packageJson, hasLockFile: false }, 'production')).toThrow(
    expect.objectContaining({ code }),
  );
});
