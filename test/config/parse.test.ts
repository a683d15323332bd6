import { expect, test } from 'vitest';
import { parseAgentConfig, parseRepositoryConfig } from '../../src/config/parse.ts';
import { configOf, key, problemsOf, web } from './samples.ts';

test('fills in what a service leaves out; durations are milliseconds', () => {
  expect(configOf(`version: 1\ntargets:\n${web}`).targets['web']).toEqual({
    kind: 'service',
    path: '.',
    run: ['node', 'server.js'],
    env: { clear: {}, secret: [] },
    ports: { blue: 8001, green: 8002 },
    health: {
      path: '/',
      status: 200,
      interval: 1_000,
      timeout: 2_000,
      rise: 2,
      fall: 3,
      deadline: 60_000,
    },
    promotion: 'auto',
    watch: { for: 0, errors: 0.05, requests: 20 },
    liveness: { enabled: true, initial: 1_000, max: 60_000, fallback: true },
    drain: 30_000,
    keep: 5,
    share: [],
    init: 'process',
    socket: false,
    notify: false,
    limits: {},
    sandbox: true,
    writable: [],
    proxy: { driver: 'builtin', listen: 8080, server_names: [], mode: 'socket' },
    wave: 0,
    roles: [],
    params: {},
  });
});

test('reads a whole service', () => {
  const { targets } = configOf(`version: 1
targets:
  web:
    kind: service
    path: services/web
    build: [npm, ci, --omit=dev]
    test: [npm, test]
    run: [node, server.js, --port, "{port}"]
    env: { clear: { LOG_LEVEL: info, WORKERS: 4, DEBUG: true }, secret: [DATABASE_URL] }
    ports: { blue: 8001, green: 8002, canary: 8003 }
    health: { path: /ping, interval: 500ms, deadline: 2m, version: { path: /version } }
    smoke: [./SMOKE]
    drain: 1d
    init: systemd
    proxy: { driver: nginx, listen: 80 }
    roles: [web]
`);
  expect(targets['web']).toMatchObject({
    env: { clear: { LOG_LEVEL: 'info', WORKERS: '4', DEBUG: 'true' }, secret: ['DATABASE_URL'] },
    health: {
      interval: 500,
      deadline: 120_000,
      version: { path: '/version', equals: '{version}' },
    },
    drain: 86_400_000,
  });
});

test('reads environments and agents; one pattern is a list of one', () => {
  const { environments, agents } = configOf(`version: 1
agents:
  web-1: { key: "${key}", environments: [production], roles: [web] }
environments:
  production:
    targets: [web, { name: api, kind: service }]
    hosts: [web-1]
    trigger: { tags: "v*" }
    require: { refs: [main, pull] }
    on_failure: stop
    override: { web: { ports: { blue: 9001 } } }
`);
  expect(agents['web-1']?.roles).toEqual(['web']);
  expect(environments['production']).toEqual({
    sync: 'manual',
    targets: [
      { name: 'web', kind: null },
      { name: 'api', kind: 'service' },
    ],
    hosts: ['web-1'],
    trigger: { tags: ['v*'], releases: false, merges: false },
    require: {
      refs: ['main', 'pull'],
      approvals: 0,
      approvers: [],
      author_may_approve: false,
      checks: 'none',
      external: [],
    },
    may: {},
    pull_requests: { forks: false, drafts: false, outdated: 'warn', review: false, hold: true },
    notify: [],
    on_failure: 'stop',
    override: { web: { ports: { blue: 9001 } } },
    heal: false,
    windows: [],
    freezes: [],
    rollout: { canary: 0, batch: 1, pause: 0, down: 'wait' },
  });
});

test('tells every problem at once, in the order of the file', () => {
  const text = `version: 1
targets:
  web:
    kind: service
    run: node server.js
    biuld: [npm, ci]
    ports: { blue: 8001, green: 8001 }
    proxy: { driver: ngin, listen: "80" }
environments:
  production:
    require: { signed_commits: true }
    rollout: { cannary: 1 }
    override: { web: { ports: { blu: 1 } } }
`;
  expect(problemsOf(text)).toEqual([
    '5:10 `targets.web.run` is "node server.js"; expected a list of words such as [npm, ci]; no shell splits a line.',
    '6:5 `targets.web.biuld` is not known. Did you mean `build`?',
    '7:12 `targets.web.ports` the ports of two slots must differ.',
    '8:22 `targets.web.proxy.driver` is "ngin"; expected `builtin` or `nginx` or `haproxy` or `caddy`. Did you mean `nginx`?',
    '8:36 `targets.web.proxy.listen` is "80"; expected a port from 0 to 65535.',
    '11:16 `environments.production.require.signed_commits` is not supported yet.',
    '12:16 `environments.production.rollout.cannary` is not known. Did you mean `canary`?',
    '13:33 `environments.production.override.web.ports.blu` is not known. Did you mean `blue`?',
  ]);
});

test('gives scripts the parts of a problem', () => {
  const parsed = parseRepositoryConfig('version: 1\nagent: {}\n', 'x.yml');
  expect(parsed).toEqual({
    ok: false,
    problems: [
      {
        file: 'x.yml',
        line: 2,
        column: 1,
        path: 'agent',
        message: '`agent` is not known. Did you mean `agents`?',
        expected: 'version, targets, agents, environments, comments',
        did_you_mean: 'agents',
      },
    ],
  });
});

const service = (line: string): string => `version: 1\ntargets:\n${web}    ${line}\n`;

test.each([
  ['version: 2', '1:10 `version` is 2; expected `1`.'],
  ['targets: {}', '1:1 `version` is missing; expected `1`.'],
  ['version: 1\ntargets: []', '2:10 `targets` is a list; expected a map.'],
  ['version: 1\ntargets:', '2:9 `targets` is empty; expected a map.'],
  [
    'version: 1\ntargets: { w: { kind: forge } }',
    '2:23 The kind `forge` is not built yet; supported: service, files, command.',
  ],
  [
    'version: 1\ntargets: { w: { kind: servce } }',
    '2:23 `targets.w.kind` is "servce"; supported: service, files, command. Did you mean `service`?',
  ],
  [
    'version: 1\ntargets: { w: {} }',
    '2:12 `targets.w.kind` is missing; supported: service, files, command.',
  ],
  [
    'version: 1\ntargets: { "a b": {} }',
    '2:12 `targets.a b` is not a name: letters, digits, `.`, `_`, `-`, at most 63 of them, a letter or digit first.',
  ],
  [
    'version: 1\nenvironments: { constructor: {} }',
    '2:17 `environments.constructor` may not be used as a name.',
  ],
  ['version: 1\nenvironments: { __proto__: {} }', '2:17 The name `__proto__` is reserved.'],
  [
    'version: 1\nagents: { a: { key: "ed25519:x", environments: [e] } }',
    '2:21 `agents.a.key` is "ed25519:x"; expected a public key as `sallyport agent keygen` or `sallyport app keygen` prints it.',
  ],
  [service('path: ../x'), '8:11 `targets.web.path` must stay inside the repository.'],
  [service('path: /etc'), '8:11 `targets.web.path` must stay inside the repository.'],
  [
    service('drain: 3 days'),
    '8:12 `targets.web.drain` is "3 days"; expected a duration such as 30s, 2m, 8h or 1d.',
  ],
  [
    service('drain: 30'),
    '8:12 `targets.web.drain` is 30; expected a duration such as 30s, 2m, 8h or 1d.',
  ],
  [
    service('health: { interval: 0s }'),
    '8:25 `targets.web.health.interval` must be from 10ms to 10m.',
  ],
  [
    service('build: []'),
    '8:5 `targets.web.build[0]` is missing; expected a string (quote numbers and true/false).',
  ],
  [
    service('build: [make, 1]'),
    '8:19 `targets.web.build[1]` is 1; expected a string (quote numbers and true/false).',
  ],
  [
    service('build: [make, "{prot}"]'),
    '8:19 `targets.web.build[1]` has an unknown placeholder; known are {port} {version} {sha} {release} {env_root} {environment}.',
  ],
  [
    service('env: { clear: { PORT: 1 } }'),
    '8:21 `targets.web.env.clear.PORT` is set by Sallyport itself.',
  ],
  [
    service('promotion: manuel'),
    '8:16 `targets.web.promotion` is "manuel"; expected `auto` or `manual`. Did you mean `manual`?',
  ],
  [
    service('canary: { share: 100% }'),
    '8:22 `targets.web.canary.share` must be above 0% and below 100%.',
  ],
  [
    service('limits: { memory: 1 }'),
    '8:23 `targets.web.limits.memory` is 1; expected a size such as 512M or 5G.',
  ],
  [service('keep: 1'), '8:11 `targets.web.keep` is 1; expected at least 2.'],
])('says what is wrong with %j', (text, problem) => {
  expect(problemsOf(text)).toEqual([problem]);
});

const agent = `name: web-1
environments: [production]
source: { github: acme/shop }
trust: { keys: [{ id: app-1, key: "${key}", environments: [production] }] }
`;

const proxies = {
  nginx: {
    folder: '/etc/nginx/conf.d',
    check: ['nginx', '-t'],
    reload: ['systemctl', 'reload', 'nginx'],
  },
  haproxy: {
    socket: '/run/haproxy/admin.sock',
    folder: '/etc/haproxy/sallyport',
    check: ['haproxy', '-c', '-f', '/etc/haproxy/haproxy.cfg', '-f', '/etc/haproxy/sallyport'],
    reload: ['systemctl', 'reload', 'haproxy'],
  },
  caddy: { admin: 'http://127.0.0.1:2019' },
  builtin: { access_log: true },
};

test('reads the configuration of a host', () => {
  expect(parseAgentConfig(agent, 'agent.yml')).toEqual({
    ok: true,
    config: {
      name: 'web-1',
      environments: ['production'],
      source: { github: 'acme/shop', branch: 'main', url: 'https://github.com' },
      state: '/var/lib/sallyport',
      env_root: '/etc/sallyport/env',
      allow: { kinds: ['service', 'files', 'command'], paths: [] },
      reconcile: 300_000,
      liveness: 5_000,
      free: 512 * 2 ** 20,
      proxies,
      upgrade: { keys: [] },
      trust: { keys: [{ id: 'app-1', key, environments: ['production'] }] },
    },
  });
});

test.each([
  ['poll: 1s', '`poll` must be from 2s to 1h.'],
  ['app: https://sallyport.example.org', '`app` is not supported yet.'],
  ['reconcile: 1s', '`reconcile` must be from 10s to 1d.'],
  ['allow: { run_as: deploy }', '`allow.run_as` is not supported yet.'],
  [
    'allow: { origins: [gti] }',
    '`allow.origins[0]` is "gti"; expected `app` or `git` or `operator`. Did you mean `git`?',
  ],
  [
    'allow: { origins: [git, operator] }',
    '`allow.origins` cannot have git beside source.github, where the App starts what is pushed; without an App, follow source: { git: "https://github.com/acme/shop.git" }.',
  ],
  ['state: var', '`state` is "var"; expected an absolute path.'],
  ['pol: 3s', '`pol` is not known. Did you mean `poll`?'],
])('refuses %j on a host', (line, message) => {
  const parsed = parseAgentConfig(`${agent}${line}\n`, 'agent.yml');
  expect(parsed).toMatchObject({ ok: false, problems: [{ line: 5, message }] });
});

test('refuses a host on which nothing could ever start', () => {
  const text = agent.replace('github: acme/shop', 'git: /srv/shop.git');
  const parsed = parseAgentConfig(`${text}allow: { origins: [app] }\n`, 'agent.yml');
  const message =
    '`allow.origins` needs git or operator: the App signs jobs only where there is source.github.';
  expect(parsed).toMatchObject({ ok: false, problems: [{ line: 5, message }] });
});

test.each(['acme', 'acme/..', 'https://github.com/acme/shop', 'acme/shop/x', '-a/b', 'a/b\n'])(
  'refuses %j as a repository',
  (github) => {
    const text = agent.replace('acme/shop', JSON.stringify(github));
    expect(parseAgentConfig(text, 'agent.yml').ok).toBe(false);
  },
);

test.each(['ftp://x', 'https://x/', 'https://a:b@x', 'x', 'https://x?y'])(
  'refuses %j as the address of a GitHub',
  (url) => {
    const text = agent.replace('acme/shop', `acme/shop, url: "${url}"`);
    expect(parseAgentConfig(text, 'agent.yml').ok).toBe(false);
  },
);
