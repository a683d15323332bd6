import { expect, test } from 'vitest';
import { generateSigningKey } from '../../src/model/keys.ts';
import { SallyportError } from '../../src/model/errors.ts';
import { askAsUser } from '../../src/upkeep/doctor/ask-as-user.ts';
import { checks } from '../../src/upkeep/doctor/checks.ts';
import { examine, isFit } from '../../src/upkeep/doctor/examine.ts';
import { shownUnits } from '../support/fake-machine.ts';
import {
  answers,
  key,
  listen,
  noon,
  policy,
  setUp,
  state,
  web,
  type Spoilt,
} from './healthy-host.ts';
import { agentConfig } from './installation.ts';

test('on a host where all is well, every check says so', async () => {
  const { found } = await doctor();
  expect(found.filter(({ state: is }) => is !== 'ok')).toEqual([]);
  expect(isFit(found)).toBe(true);
  expect(new Set(found.map(({ check }) => check)).size).toBe(checks.length);
});

const mode = (path: string, bits: number) => (spoilt: Spoilt) =>
  void spoilt.machine.paths.set(path, { ...spoilt.machine.paths.get(path)!, mode: bits });
const units = (facts: Readonly<Record<string, string>>) => (spoilt: Spoilt) =>
  void spoilt.machine.answers.set(
    'systemctl show',
    shownUnits({ 'sallyport-agent.service': facts }),
  );

const cases: readonly (readonly [
  string,
  (spoilt: Spoilt) => void,
  string,
  'warn' | 'fail',
  RegExp,
])[] = [
  ['an old Node', ({ world }) => (world.node = '20.11.0'), 'node', 'fail', /nodejs\.org/],
  [
    'an old git',
    ({ machine }) => machine.answers.set('git', 'git version 2.17.1'),
    'git',
    'warn',
    /apt-get install git/,
  ],
  [
    'no git',
    ({ machine }) => machine.answers.set('git', { status: 'not-found', stdout: '', stderr: '' }),
    'git',
    'warn',
    /apt-get install git/,
  ],
  [
    'a state folder that others may enter',
    mode(state, 0o755),
    'permissions',
    'fail',
    /^chmod 700 \/var\/lib\/sallyport$/,
  ],
  [
    'a key that others may read',
    mode(`${state}/key`, 0o640),
    'permissions',
    'fail',
    /^chmod 600 .*key$/,
  ],
  [
    'a secret that others may read',
    mode('/etc/sallyport/env/1.2.0/web.env', 0o644),
    'permissions',
    'fail',
    /^chmod 600 .*web\.env$/,
  ],
  [
    'a state folder of root’s',
    ({ machine }) =>
      machine.paths.set(state, { kind: 'folder', mode: 0o700, uid: 0, gid: 0, text: null }),
    'permissions',
    'warn',
    /^chown sallyport: /,
  ],
  [
    'no key',
    ({ machine }) => machine.paths.delete(`${state}/key`),
    'permissions',
    'fail',
    /sallyport agent install/,
  ],
  ['a full disk', ({ machine }) => (machine.free.bytes = 100 * 2 ** 20), 'disk', 'fail', /du -xh/],
  [
    'a disk that is nearly full',
    ({ machine }) => (machine.free.bytes = 700 * 2 ** 20),
    'disk',
    'warn',
    /du -xh/,
  ],
  ['no inodes', ({ machine }) => (machine.free.inodes = 12), 'disk', 'fail', /du -xh/],
  ['no unit', units({ LoadState: 'not-found' }), 'units', 'warn', /sallyport agent install/],
  [
    'a unit that is disabled',
    units({ UnitFileState: 'disabled' }),
    'units',
    'warn',
    /^systemctl enable sallyport-agent/,
  ],
  [
    'a unit that failed',
    units({ ActiveState: 'failed' }),
    'units',
    'fail',
    /systemctl start sallyport-agent/,
  ],
  [
    'a unit that crashes again and again',
    units({ NRestarts: '17' }),
    'units',
    'warn',
    /agent logs/,
  ],
  ['a unit that was edited', units({ NeedDaemonReload: 'yes' }), 'units', 'warn', /daemon-reload/],
  [
    'an agent of another version',
    ({ world }) => (world.version = '9.9.9'),
    'agent',
    'warn',
    /agent restart/,
  ],
  [
    'no agent',
    ({ world }) =>
      (world.ask = () =>
        Promise.reject(new SallyportError({ code: 'x', message: 'No agent answers.' }))),
    'agent',
    'fail',
    /^systemctl start sallyport-agent/,
  ],
  [
    'an agent that is not connected',
    ({ world }) =>
      (world.ask = async () => ({ version: '1.0.0', connected: false, problem: 'ECONNREFUSED' })),
    'agent',
    'warn',
    /status/,
  ],
  [
    'a remote that refuses',
    ({ probes }) =>
      (probes.reachRemote = () =>
        Promise.reject(
          new SallyportError({ code: 'git_refused', message: 'refused', hint: 'add the key' }),
        )),
    'remote',
    'fail',
    /add the key/,
  ],
  [
    'a token that has expired',
    ({ github }) => github.set('shop', answers(401)),
    'github',
    'fail',
    /token_file/,
  ],
  [
    'a token of another repository',
    ({ github }) => github.set('shop', answers(404)),
    'github',
    'fail',
    /Deployments: read and write/,
  ],
  [
    'a token that may not deploy',
    ({ github }) => github.set('deployments?per_page=1', answers(403)),
    'github',
    'fail',
    /Deployments: read and write/,
  ],
  [
    'a classic token',
    ({ github }) =>
      github.set(
        'shop',
        answers(
          200,
          { 'x-oauth-scopes': 'repo, admin:org', date: new Date(noon).toUTCString() },
          '{"full_name":"acme/shop"}',
        ),
      ),
    'github',
    'warn',
    /fine-grained/,
  ],
  [
    'a classic token for public things',
    ({ github }) =>
      github.set(
        'shop',
        answers(200, { 'x-oauth-scopes': 'gist', date: new Date(noon).toUTCString() }),
      ),
    'github',
    'fail',
    /scope repo/,
  ],
  [
    'a policy that does not know it',
    ({ github }) => github.set('sallyport.yml', answers(200, {}, 'version: 1\n')),
    'enrolled',
    'warn',
    /web-1: \{ key: "ed25519:/,
  ],
  [
    'a policy with another key',
    ({ github }) =>
      github.set('sallyport.yml', answers(200, {}, policy(generateSigningKey().public.text))),
    'enrolled',
    'fail',
    /web-1: \{ key: "ed25519:/,
  ],
  [
    'a policy with another environment',
    ({ github }) =>
      github.set('sallyport.yml', answers(200, {}, policy(key.public.text, 'staging'))),
    'enrolled',
    'warn',
    /production/,
  ],
  [
    'no policy yet',
    ({ github }) => github.set('sallyport.yml', answers(404)),
    'enrolled',
    'warn',
    /pull request/,
  ],
  [
    'a clock that is 30 s ahead',
    ({ world }) => (world.now = () => noon + 30_000),
    'clock',
    'warn',
    /^timedatectl set-ntp true$/,
  ],
  [
    'a clock that is an hour behind',
    ({ world }) => (world.now = () => noon - 3_600_000),
    'clock',
    'fail',
    /^timedatectl set-ntp true$/,
  ],
  [
    'an init that cannot',
    ({ probes }) =>
      (probes.initProblems = async () => [
        { message: 'no manager', hint: 'loginctl enable-linger x' },
      ]),
    'init',
    'fail',
    /enable-linger/,
  ],
  [
    'a proxy that cannot',
    ({ probes }) =>
      (probes.proxyProblems = async (driver) => [
        { message: `${driver} is down`, hint: 'systemctl start nginx' },
      ]),
    'proxy',
    'fail',
    /start nginx/,
  ],
  [
    'a port of a slot that is another’s',
    ({ machine }) => listen(machine, 8001, 'PATH=/bin\0'),
    'ports',
    'fail',
    /ps -fp 77/,
  ],
  [
    'two slots with one port',
    ({ world }) => (world.services = [web, { ...web, route: 'production.api' }]),
    'ports',
    'fail',
    /`ports`/,
  ],
];

test.each(cases)('%s is found, with what mends it', async (_, spoil, check, expected, hint) => {
  const { found } = await doctor(spoil);
  const wrong = found.filter(({ state: is }) => is !== 'ok');
  expect(wrong.map((each) => each.check)).toContain(check);
  expect(new Set(wrong.map((each) => each.check))).toEqual(new Set([check]));
  const [first] = wrong;
  expect(first).toMatchObject({ state: expected, hint: expect.stringMatching(hint) });
  expect(isFit(found)).toBe(expected === 'warn');
});

test('without GitHub it tells what the policy is to say of this host', async () => {
  const source = { git: 'https://git.example.org/shop.git' };
  const { found } = await doctor(({ world }) => (world.config = agentConfig({ source })));
  expect(found.find(({ check }) => check === 'enrolled')).toMatchObject({
    state: 'ok',
    message: expect.stringContaining(`web-1: { key: "${key.public.text}"`),
  });
});

test('a clock within 5 s is not spoken of', async () => {
  const { found } = await doctor(({ world }) => (world.now = () => noon + 4_900));
  expect(found.filter(({ check }) => check === 'clock')).toMatchObject([{ state: 'ok' }]);
});

test('a port that a slot’s own program holds is its own', async () => {
  const { found } = await doctor(({ machine }) =>
    listen(machine, 8001, 'PORT=8001\0SALLYPORT_SLOT=blue\0'),
  );
  expect(found.filter(({ check }) => check === 'ports')).toMatchObject([{ state: 'ok' }]);
});

test('a check that hangs is told of, and keeps nobody waiting', async () => {
  const never = { name: 'slow', run: () => new Promise<never>(() => undefined) };
  const { world } = setUp();
  const found = await examine([never], world, { sleep: async () => undefined });
  expect(found).toMatchObject([
    { check: 'slow', state: 'fail', message: 'slow took longer than 15 s.' },
  ]);
});

test('what the agent’s user may do is asked as that user, not as root', async () => {
  const { found } = await doctor();
  const { machine, world } = setUp();
  const theirs = { check: 'proxy', state: 'fail', message: 'nginx: may not write', hint: 'chown' };
  const others = { check: 'disk', state: 'fail', message: 'not theirs to say' };
  machine.answers.set('runuser -u sallyport --', JSON.stringify({ findings: [theirs, others] }));
  const merged = await askAsUser(found, world, { node: '/n', cli: '/c', proxy: '/p' });
  expect(merged.filter(({ state: is }) => is !== 'ok')).toEqual([theirs]);
  machine.answers.set('runuser', { status: 'not-found', stdout: '', stderr: '' });
  machine.answers.delete('runuser -u sallyport --');
  expect(await askAsUser(found, world, { node: '/n', cli: '/c', proxy: '/p' })).toEqual(found);
});

async function doctor(spoil: (spoilt: Spoilt) => unknown = () => undefined) {
  const spoilt = setUp();
  spoil(spoilt);
  const sleep = () => new Promise<never>(() => undefined);
  return { found: await examine(checks, spoilt.world, { sleep }) };
}
