import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRepositoryConfig } from '../../src/config/parse.ts';
import type { RepositoryConfig } from '../../src/config/repository.ts';
import { touchedEnvironments } from '../../src/policy/touched.ts';

const config = parsed(`version: 1
targets:
  web: { kind: service, path: ./app/, run: [node, x], ports: { blue: 1, green: 2 }, proxy: { listen: 3 } }
  maps: { kind: files, source: "environments/{environment}", common: environments/common, destination: /srv/maps }
  infra: { kind: command, path: infra, plan: { run: [plan] }, apply: { run: [apply] } }
environments:
  development: {}
  staging: { targets: [maps, web] }
  production: { targets: [maps], override: { maps: { common: shared/./y/ } } }
  lonely: { targets: [infra] }
`);

test.each<[readonly string[], readonly string[]]>([
  [[], []],
  [['README.md'], []],
  [['app/server.js'], ['development', 'staging']],
  [['app'], ['development', 'staging']],
  [['application/server.js', 'app-2/x'], []],
  [['environments/staging/layers/a.yaml'], ['staging']],
  [['environments/stagingX/a.yaml'], []],
  [['environments/common/a.yaml'], ['development', 'staging']],
  [['shared/y/z'], ['production']],
  [
    ['infra/main.tf', 'environments/production/a'],
    ['development', 'production', 'lonely'],
  ],
  [['.github/sallyport.yml'], ['development', 'staging', 'production', 'lonely']],
  [['.github/workflows/ci.yml', 'sallyport.yml'], []],
])('%j touches %j', (paths, environments) => {
  const touched = touchedEnvironments({ policy: config, commit: config, paths });
  expect([...touched.keys()]).toEqual(environments);
});

test('says what touches it', () => {
  const paths = ['a', 'environments/staging/b', '.github/sallyport.yml'];
  const ask = (changed: readonly string[]) =>
    touchedEnvironments({ policy: config, commit: config, paths: changed }).get('staging');
  expect(ask(paths.slice(0, 2))).toEqual({ target: 'maps', path: 'environments/staging/b' });
  expect(ask(paths)).toEqual({ target: null, path: '.github/sallyport.yml' });
});

test('a target that is all of the repository is touched by anything', () => {
  const all = parsed(`version: 1
targets: { all: { kind: command, plan: { run: [p] }, apply: { run: [a] } } }
environments: { one: {} }
`);
  const any = fc.array(fc.string({ minLength: 1 }), { minLength: 1 });
  fc.assert(
    fc.property(any, (paths) => {
      expect(touchedEnvironments({ policy: all, commit: all, paths }).has('one')).toBe(true);
    }),
  );
});

test('more changed paths never touch less, and each environment that is touched has its own path to blame', () => {
  const part = fc.constantFrom(
    'app',
    'environments',
    'staging',
    'common',
    'infra',
    'x',
    'shared',
    'y',
  );
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(fc.array(path), fc.array(path), (some, more) => {
      const few = touchedEnvironments({ policy: config, commit: config, paths: some });
      const many = touchedEnvironments({
        policy: config,
        commit: config,
        paths: [...some, ...more],
      });
      for (const [name, touch] of few) {
        expect(many.has(name)).toBe(true);
        expect(some).toContain(touch.path);
        const alone = touchedEnvironments({ policy: config, commit: config, paths: [touch.path] });
        expect(alone.has(name)).toBe(true);
      }
    }),
  );
});

function parsed(text: string): RepositoryConfig {
  const result = parseRepositoryConfig(text, 'sallyport.yml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}
