import { generateSigningKey, signingKeyToPem } from '../../src/model/keys.ts';
import type { DoctorWorld, Probes, WebAnswer } from '../../src/upkeep/doctor/world.ts';
import type { KnownService } from '../../src/upkeep/known-services.ts';
import { placeOf } from '../../src/upkeep/place.ts';
import { fakeMachine, shownUnits, type FakeMachine } from '../support/fake-machine.ts';
import { agentConfig } from './installation.ts';

export const noon = Date.UTC(2026, 5, 1, 12);
export const key = generateSigningKey();
export const state = '/var/lib/sallyport';
export const web: KnownService = {
  route: 'production.web',
  slots: [
    { name: 'production.web.blue', port: 8001 },
    { name: 'production.web.green', port: 8002 },
  ],
  init: 'process',
  driver: 'nginx',
};

/** A host where all is well, to be spoilt. */
export interface Spoilt {
  readonly machine: FakeMachine;
  readonly world: { -readonly [Name in keyof DoctorWorld]: DoctorWorld[Name] };
  readonly probes: { -readonly [Name in keyof Probes]: Probes[Name] };
  /** What GitHub answers, by the end of the path. */
  readonly github: Map<string, WebAnswer>;
}

export const answers = (status: number, headers = {}, text = '{}') => ({ status, headers, text });

export function setUp(): Spoilt {
  const machine = fakeMachine();
  machine.users.set('sallyport', { name: 'sallyport', uid: 990, gid: 990, home: state });
  const own = { uid: 990, gid: 990 };
  void machine.makeFolder(state, 0o700, own);
  void machine.write(`${state}/key`, signingKeyToPem(key), 0o600, own);
  void machine.write('/etc/sallyport/token', 'x', 0o600, own);
  void machine.makeFolder('/etc/sallyport/env', 0o700, own);
  void machine.makeFolder('/etc/sallyport/env/1.2.0', 0o700, own);
  void machine.write('/etc/sallyport/env/1.2.0/web.env', 'A=1', 0o600, own);
  machine.answers.set('git', 'git version 2.39.5');
  machine.answers.set('systemctl show', shownUnits({ 'sallyport-agent.service': {} }));
  const github = new Map<string, WebAnswer>([
    ['shop', answers(200, { date: new Date(noon).toUTCString() }, '{"full_name":"acme/shop"}')],
    ['deployments?per_page=1', answers(200, {}, '[]')],
    ['sallyport.yml', answers(200, {}, policy(key.public.text))],
  ]);
  const probes = {
    proxyProblems: async () => [],
    initProblems: async () => [],
    reachRemote: async () => undefined,
    github: async (path: string) => github.get(path.slice(path.lastIndexOf('/') + 1))!,
    web: async () => answers(200),
  };
  const world = {
    machine,
    place: placeOf('system', { config: null, home: '/root' }),
    user: 'sallyport',
    config: agentConfig(),
    probes,
    ask: async () => ({ version: '1.0.0', connected: true, problem: null }),
    services: [web],
    drivers: ['nginx'] as const,
    version: '1.0.0',
    node: '24.21.0',
    now: () => noon,
  };
  return { machine, world, probes, github };
}

export function policy(text: string, environment = 'production'): string {
  return `version: 1\nagents:\n  web-1: { key: "${text}", environments: [${environment}] }\n`;
}

export function listen(machine: FakeMachine, port: number, environment: string): void {
  const users = 'users:(("node",pid=77,fd=18))';
  machine.answers.set('ss', `LISTEN 0 511 127.0.0.1:${port} 0.0.0.0:* ${users}\n`);
  void machine.write('/proc/77/environ', environment, 0o400, null);
}
