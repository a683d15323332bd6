import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runBundle } from './run-bundle.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const valid = `version: 1
targets:
  web: { kind: files, source: site, destination: /srv/site }
environments:
  production: { targets: [web] }
`;

test('a valid file is said to be valid', async () => {
  const run = await validate({ '.github/sallyport.yml': valid });
  expect(run, run.output).toMatchObject({ code: 0, outputs: { problems: '0', 'exit-code': '0' } });
  expect(run.output).not.toMatch(/^::(?:error|warning)/m);
  expect(run.summary).toContain('is valid');
});

test('every error stands on its line, and text of the file gives the runner no command', async () => {
  const wrong = valid
    .replace('targets: [web]', 'target: [web]')
    .concat('  "x\\n::set-env name=A::b": {}\n');
  const run = await validate({ '.github/sallyport.yml': wrong });
  expect(run).toMatchObject({ code: 2, outputs: { 'exit-code': '2' } });
  expect(Number(run.outputs['problems'])).toBeGreaterThanOrEqual(2);
  expect(run.output).toMatch(
    /^::error title=\S+,file=\.github\/sallyport\.yml,line=5,col=17::.*targets/m,
  );
  expect(run.output).not.toMatch(/^::set-env/m);
  expect(run.summary).toContain('5:17');
});

test.each([
  ['there is none', {}, {}],
  ['it lies outside of the checkout', {}, { config: '../../etc/passwd' }],
  ['it is named from the top of the disk', {}, { config: '/etc/passwd' }],
  ['it is a link to outside', { 'link.yml': '→/etc/passwd' }, { config: 'link.yml' }],
  ['it is a folder', { 'a/b': '' }, { config: 'a' }],
])('a file that cannot be read: %s', async (_, files, inputs) => {
  const run = await validate(files, inputs);
  expect(run).toMatchObject({ code: 2 });
  expect(run.output).toContain('::error title=config_missing::');
  expect(run.output).not.toContain('root:');
});

test('a signing key that others could reach is warned of', async () => {
  const job = (key: string, environment = '') => `on: push
jobs:
  go:
    runs-on: ubuntu-24.04
${environment}    steps:
      - uses: sallyport/sallyport/action@v1
        with:
          mode: chatops
          signing-key: ${key}
`;
  const run = await validate({
    '.github/sallyport.yml': valid,
    '.github/workflows/open.yml': job('${{ secrets.KEY }}'),
    '.github/workflows/shown.yml': job('MC4CAQAwBQYDK2VwBCIEI', '    environment: sallyport\n'),
    '.github/workflows/right.yml': job('${{ secrets.KEY }}', '    environment: sallyport\n'),
    '.github/workflows/broken.yml': 'jobs: [',
  });
  expect(run, run.output).toMatchObject({ code: 0 });
  const warned = [...run.output.matchAll(/^::warning .*file=(\S+?),line=(\d+)/gm)];
  expect(warned.map(([, file, line]) => `${file}:${line}`).toSorted()).toEqual([
    '.github/workflows/open.yml:9',
    '.github/workflows/shown.yml:10',
  ]);
  expect(run.output).not.toContain('MC4CAQ');
});

test.each([
  ['an unknown mode', { mode: 'destroy' }, {}, 'chatops, deploy'],
  ['a runner that is none', { mode: 'wait' }, { GITHUB_API_URL: '' }, 'GITHUB_API_URL'],
])('%s is told', async (_, inputs, env, words) => {
  const run = await runBundle({ inputs, env });
  expect(run).toMatchObject({ code: 2 });
  expect(run.output).toContain(words);
});

function validate(
  files: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'sp-checkout-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    if (text.startsWith('→')) symlinkSync(text.slice(1), join(folder, path));
    else writeFileSync(join(folder, path), text);
  }
  return runBundle({ inputs: { mode: 'validate', ...inputs }, env: { GITHUB_WORKSPACE: folder } });
}
