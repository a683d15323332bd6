import { expect, test } from 'vitest';
import { applyOverride } from '../../src/config/override.ts';
import { configOf, problemsOf, web } from './samples.ts';

const targets = `version: 1
targets:
${web}  map:
    kind: files
    source: environments/{environment}
    destination: /srv/map
    resources: [{ match: "layers/*.yaml", type: Layer }]
    reload: { http: { url: "http://127.0.0.1:8080/reload" } }
  infra:
    kind: command
    plan: { run: [tofu, plan] }
    apply: { run: [tofu, apply] }
`;

const override = (line: string): string =>
  `${targets}environments:\n  production:\n    override:\n      ${line}\n`;

test.each([
  ['web: { ports: { blue: 9001 }, drain: 1m }'],
  ['map: { destination: /srv/other, reload: { command: [./reload], timeout: 5s } }'],
  ['infra: { plan: { timeout: 5m }, env: { clear: { REGION: eu } } }'],
  ['later: { kind: service }'],
  ['web: {}'],
])('takes { %s }', (line) => {
  expect(problemsOf(override(line))).toEqual([]);
});

test.each([
  [
    'web: { ports: { blu: 1 } }',
    '21:23 `environments.production.override.web.ports.blu` is not known. Did you mean `blue`?',
  ],
  [
    'web: { destination: /srv }',
    '21:14 `environments.production.override.web.destination` is not known.',
  ],
  [
    'map: { prune: 1 }',
    '21:21 `environments.production.override.map.prune` is 1; expected true or false.',
  ],
  [
    'map: { kind: service }',
    '21:20 `environments.production.override.map.kind` is "service"; expected `files`.',
  ],
  [
    'infra: { plan: { timeout: 5 } }',
    '21:33 `environments.production.override.infra.plan.timeout` is 5; expected a duration such as 30s, 2m, 8h or 1d.',
  ],
  ['web: 1', '21:12 `environments.production.override.web` is 1; expected a map.'],
])('refuses { %s } where the target is declared', (line, problem) => {
  expect(problemsOf(override(line))).toEqual([problem]);
});

test('says both what the schema refuses and what an override does', () => {
  const text = `${override('web: { prots: {} }')}    heel: true\n`;
  expect(problemsOf(text)).toEqual([
    '21:14 `environments.production.override.web.prots` is not known. Did you mean `ports`?',
    '22:5 `environments.production.heel` is not known. Did you mean `heal`?',
  ]);
});

test('merges into a target of every kind', () => {
  const config = configOf(targets);
  const { infra, map } = config.targets;
  expect(applyOverride(map!, { prune: false, keep: ['cache/**'] })).toMatchObject({
    ok: true,
    config: {
      prune: false,
      keep: ['cache/**'],
      resources: [{ match: ['layers/*.yaml'], type: 'Layer', key: 'name' }],
    },
  });
  expect(applyOverride(infra!, { apply: { timeout: '1h' } })).toMatchObject({
    ok: true,
    config: { apply: { run: ['tofu', 'apply'], timeout: 3_600_000 } },
  });
});

test('where the kind was not known before, the merged target says what is wrong', () => {
  const { web: target } = configOf(targets).targets;
  expect(applyOverride(target!, { ports: { blu: 1 }, keep: 'x' })).toEqual({
    ok: false,
    why: '`ports.blu` is not known. Did you mean `blue`? `keep` is "x"; expected a number.',
  });
});
