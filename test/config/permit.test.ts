import { expect, test } from 'vitest';
import { resolveTargets } from '../../src/config/permit.ts';
import { configOf, key, web } from './samples.ts';

/** Resolves `production` with these lines of the policy, for a commit with these targets. */
function resolve(environment: string, agents: string, targets = web, name = 'production') {
  return resolveTargets({
    policy: configOf(
      `version: 1\nagents: { ${agents} }\nenvironments:\n  production: { ${environment} }\n`,
    ),
    commit: configOf(`version: 1\ntargets:\n${targets}`),
    environment: name,
  });
}

function agent(name: string, more = ''): string {
  return `${name}: { key: "${key}", environments: [production]${more} }`;
}

const api = web.replace('web', 'api').replaceAll('80', '90');

function codesOf(resolution: ReturnType<typeof resolveTargets>): readonly string[] {
  return resolution.ok ? [] : resolution.problems.map(({ code }) => code);
}

test('without hosts, the one enrolled agent takes everything', () => {
  expect(resolve('', agent('web-1'))).toMatchObject({
    ok: true,
    roster: [{ name: 'web-1', key }],
    targets: [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1'] }],
    left: [],
  });
});

test('the policy says what may come; the rest is left', () => {
  const resolved = resolve('targets: [web]', agent('a'), web + api);
  expect(resolved).toMatchObject({ ok: true, targets: [{ name: 'web' }], left: ['api'] });
});

test('targets come by wave, hosts in the order of the policy, by role', () => {
  const agents = [agent('a', ', roles: [web]'), agent('b', ', roles: [api, web]'), agent('c')];
  const targets = `${web}    roles: [web]\n    wave: 2\n${api}    roles: [api]\n`;
  expect(resolve('hosts: [c, b, a]', agents.join(), targets)).toMatchObject({
    ok: true,
    roster: [{ name: 'c' }, { name: 'b' }, { name: 'a' }],
    targets: [
      { name: 'api', hosts: ['b'] },
      { name: 'web', wave: 2, hosts: ['b', 'a'] },
    ],
  });
});

test('overrides are merged at every depth, and checked with what they change', () => {
  const resolved = resolve(
    'override: { web: { ports: { blue: 9001 }, health: { interval: 5s } } }',
    agent('a'),
  );
  expect(resolved).toMatchObject({
    ok: true,
    targets: [
      {
        config: {
          ports: { blue: 9001, green: 8002 },
          health: { interval: 5_000, timeout: 2_000 },
          drain: 30_000,
        },
      },
    ],
  });
  expect(codesOf(resolve('override: { web: { ports: { blue: 8002 } } }', agent('a')))).toEqual([
    'override_invalid',
  ]);
});

test.each([
  ['', '', ['no_agent']],
  ['', `${agent('a')}, ${agent('b')}`, ['ambiguous_hosts']],
  ['hosts: [a, x]', agent('a'), ['unknown_host']],
  ['hosts: [a]', agent('a').replace('production', 'staging'), ['unknown_host']],
  ['targets: [web, api]', agent('a'), ['target_missing']],
  ['targets: [api]', '', ['no_agent', 'target_missing']],
])('refuses { %s } with { %s }', (environment, agents, codes) => {
  expect(codesOf(resolve(environment, agents))).toEqual(codes);
});

test('refuses what goes nowhere', () => {
  expect(codesOf(resolve('', agent('a'), `${web}    roles: [db]\n`))).toEqual([
    'no_host_for_roles',
  ]);
  expect(codesOf(resolve('', agent('a'), '  {}\n'))).toEqual(['no_targets']);
});

test('refuses an environment that the policy does not have', () => {
  const resolved = resolve('', agent('a'), web, 'prodution');
  expect(resolved).toMatchObject({ problems: [{ hint: 'Did you mean production?' }] });
  for (const name of ['__proto__', 'constructor', 'toString']) {
    expect(codesOf(resolve('', agent('a'), web, name))).toEqual(['unknown_environment']);
  }
});

test('a pinned kind must be the kind that the commit declares', () => {
  const policy = configOf(
    `version: 1\nagents: { ${agent('a')} }\nenvironments: { production: { targets: [{ name: web, kind: service }] } }\n`,
  );
  const commit = configOf(`version: 1\ntargets:\n${web}`);
  const asked = { policy, commit, environment: 'production' };
  expect(resolveTargets(asked).ok).toBe(true);
  policy.environments['production']!.targets![0]!.kind = 'files';
  expect(codesOf(resolveTargets(asked))).toEqual(['kind_not_permitted']);
});
