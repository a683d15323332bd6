import type { AgentConfig } from '../config/agent.ts';
import type { ServiceConfig } from '../config/service.ts';
import { systemUnitsFolder } from '../config/systemd-access.ts';
import type { Scope } from './place.ts';
import { proxyUnitName } from './unit-names.ts';
import { quotePath, quoteWord, unitText, type UnitLine } from './unit-text.ts';

/** What of an installation its units must know. */
export interface UnitFacts {
  readonly scope: Scope;
  /** Who runs it; counts for the whole machine only, where the manager is no user's. */
  readonly user: string;
  readonly config: Pick<
    AgentConfig,
    'name' | 'state' | 'env_root' | 'allow' | 'source' | 'proxies'
  >;
  readonly configPath: string;
  readonly program: Program;
  /** What stands before services here. The embedded proxy gets a unit of its own. */
  readonly driver: ServiceConfig['proxy']['driver'];
  /** Managers beside the agent that services here are started by; `process` needs nothing. */
  readonly inits: readonly ManagerInit[];
}

export type ManagerInit = 'systemd' | 'systemd-user';

/** What is run: Node, and this program's entry points; absolute. */
export interface Program {
  readonly node: string;
  readonly cli: string;
  readonly proxy: string;
}

/**
 * Node's flags for a small agent; `bench/README.md` says by how much. A deployment is little work:
 * code is optimised after ten times the calls, since the optimising compilers are 8 MB once they ran.
 */
export const agentNodeFlags = [
  '--max-semi-space-size=1',
  '--v8-pool-size=1',
  '--invocation-count-for-maglev=30000',
  '--invocation-count-for-turbofan=30000',
] as const;

/** What is free goes back to the system. */
export const agentMemory = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '65536' } as const;

/** The agent's unit. It never ends what the agent has started: services and the proxy go on without it. */
export function agentUnit(facts: UnitFacts): string {
  const { scope, config, configPath, program, driver } = facts;
  const hasProxyUnit = driver === 'builtin';
  const run = [program.cli, 'agent', 'run', '--config', configPath];
  const command = [program.node, ...agentNodeFlags, ...run];
  const online: UnitLine[] =
    scope === 'system'
      ? [
          ['Wants', 'network-online.target'],
          ['After', 'network-online.target'],
        ]
      : [];
  return unitText(
    'Written by `sallyport agent install`, which writes it anew: put changes in a drop-in.',
    [
      {
        name: 'Unit',
        lines: [
          ['Description', `Sallyport, the agent of ${config.name}`],
          ['Documentation', 'https://github.com/sallyport/sallyport'],
          ...online,
          [driverKey, driver],
          ...(hasProxyUnit ? afterProxy : []),
          'It is started again for ever: a host that cannot be reached mends nothing.',
          ['StartLimitIntervalSec', '0'],
        ],
      },
      {
        name: 'Service',
        lines: [
          ['Type', 'notify'],
          ['NotifyAccess', 'all'],
          ['WatchdogSec', '60s'],
          ['ExecStart', command.map(quoteWord).join(' ')],
          ...(hasProxyUnit ? [knowsProxy(scope)] : []),
          'What is free goes back to the system: an agent is idle most of the time.',
          [
            'Environment',
            Object.entries(agentMemory)
              .map((pair) => pair.join('='))
              .join(' '),
          ],
          ['Restart', 'always'],
          ['RestartSec', '2s'],
          'Only the agent itself is ended: programs with `init: process` are its children, and go on.',
          ['KillMode', 'process'],
          ['OOMPolicy', 'continue'],
          'It finishes the step in hand.',
          ['TimeoutStopSec', '90s'],
          ...(scope === 'system' ? systemLines(facts) : userLines),
        ],
      },
      {
        name: 'Install',
        lines: [['WantedBy', scope === 'system' ? 'multi-user.target' : 'default.target']],
      },
    ],
  );
}

/** systemd leaves alone what begins with X-. */
const driverKey = 'X-SallyportProxy';

/** The driver that a unit was written for; `null` where it names none. */
export function driverIn(unit: string): UnitFacts['driver'] | null {
  const named = new RegExp(`^${driverKey}=(.*)$`, 'm').exec(unit)?.[1];
  return drivers.find((driver) => driver === named) ?? null;
}

const drivers = ['builtin', 'nginx', 'haproxy', 'caddy'] as const;

const afterProxy: readonly UnitLine[] = [
  ['Wants', proxyUnitName],
  ['After', proxyUnitName],
];
/** It has systemd start the proxy rather than start one in its own control group. */
function knowsProxy(scope: Scope): UnitLine {
  return ['Environment', `SALLYPORT_PROXY_UNIT=${scope}:${proxyUnitName}`];
}

/** What a manager of a user can do without further rights. */
const userLines: readonly UnitLine[] = [
  ['NoNewPrivileges', 'yes'],
  ['LockPersonality', 'yes'],
  ['RestrictRealtime', 'yes'],
  ['RestrictSUIDSGID', 'yes'],
];

function systemLines({ user, config, inits }: UnitFacts): readonly UnitLine[] {
  const units = inits.includes('systemd') ? [systemUnitsFolder] : [];
  const writable = [...writablePaths(config), ...units];
  // A user's manager answers in /run/user.
  const seesHomes =
    inits.includes('systemd-user') || [...writable, ...readPaths(config)].some(isInHome);
  return [
    ['User', user],
    ...userLines,
    ['CapabilityBoundingSet', ''],
    ['AmbientCapabilities', ''],
    ['ProtectSystem', 'strict'],
    // Where paths below are allowed, an empty /home would hide them.
    ['ProtectHome', seesHomes ? 'read-only' : 'yes'],
    ...writable.map((path): UnitLine => ['ReadWritePaths', quotePath(`-${path}`)]),
    ['PrivateDevices', 'yes'],
    ['ProtectClock', 'yes'],
    ['ProtectControlGroups', 'yes'],
    ['ProtectHostname', 'yes'],
    ['ProtectKernelLogs', 'yes'],
    ['ProtectKernelModules', 'yes'],
    ['ProtectKernelTunables', 'yes'],
    'No PrivateTmp: programs that outlive a restart would lose their files.',
    'No MemoryDenyWriteExecute: V8 writes the code that it runs.',
  ];
}

/** What the agent writes to: its own state, what targets may, and where drivers put their files. */
function writablePaths({ state, allow, proxies }: UnitFacts['config']): readonly string[] {
  const { nginx, haproxy } = proxies;
  return [...new Set([state, ...allow.paths, nginx.folder, haproxy.folder])];
}

function readPaths({ source, env_root: envRoot }: UnitFacts['config']): readonly string[] {
  const { token_file: token, ssh_key: key, known_hosts: hosts } = source.credentials ?? {};
  return [envRoot, source.directory, token, key, hosts].filter((path) => path !== undefined);
}

/** What `ProtectHome` hides. */
export function isInHome(path: string): boolean {
  return /^\/(home|root|run\/user)(\/|$)/.test(path);
}
