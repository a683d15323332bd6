import { join } from 'node:path';
import type { UnitFacts } from './agent-unit.ts';
import { quotePath, quoteWord, unitText, type UnitLine } from './unit-text.ts';

/**
 * The unit of the embedded proxy: a control group of its own, so that nothing that happens to the agent
 * reaches it, and at boot it is there before the agent.
 */
export function proxyUnit({ scope, user, config, program }: UnitFacts): string {
  const command = [program.node, program.proxy, '--state', config.state];
  return unitText(
    'Written by `sallyport agent install`, which writes it anew: put changes in a drop-in.',
    [
      {
        name: 'Unit',
        lines: [
          ['Description', `Sallyport, the embedded proxy of ${config.name}`],
          ['Documentation', 'https://github.com/sallyport/sallyport'],
          ...(scope === 'system' ? [['After', 'network.target'] as const] : []),
          ['StartLimitIntervalSec', '0'],
        ],
      },
      {
        name: 'Service',
        lines: [
          ['Type', 'exec'],
          ['ExecStart', command.map(quoteWord).join(' ')],
          'One of another version hands over to its successor, and says so.',
          ['NotifyAccess', 'all'],
          'It ends with 0 where it was told to, and where another one serves the routes already.',
          ['Restart', 'on-failure'],
          ['RestartSec', '200ms'],
          ['LimitNOFILE', '65536'],
          ['TimeoutStopSec', '30s'],
          ['NoNewPrivileges', 'yes'],
          ['LockPersonality', 'yes'],
          ['RestrictRealtime', 'yes'],
          ['RestrictSUIDSGID', 'yes'],
          ...(scope === 'system' ? systemLines(user, config.state) : []),
        ],
      },
      {
        name: 'Install',
        lines: [['WantedBy', scope === 'system' ? 'multi-user.target' : 'default.target']],
      },
    ],
  );
}

function systemLines(user: string, state: string): readonly UnitLine[] {
  return [
    ['User', user],
    'Ports below 1024, and nothing else that root may.',
    ['CapabilityBoundingSet', 'CAP_NET_BIND_SERVICE'],
    ['AmbientCapabilities', 'CAP_NET_BIND_SERVICE'],
    ['ProtectSystem', 'strict'],
    ['ReadWritePaths', quotePath(join(state, 'proxy'))],
    'Slots that listen on sockets do so below the state folder; certificates may be anywhere.',
    ['ProtectHome', 'read-only'],
    ['PrivateTmp', 'yes'],
    ['PrivateDevices', 'yes'],
    ['ProtectClock', 'yes'],
    ['ProtectControlGroups', 'yes'],
    ['ProtectHostname', 'yes'],
    ['ProtectKernelLogs', 'yes'],
    ['ProtectKernelModules', 'yes'],
    ['ProtectKernelTunables', 'yes'],
    ['RestrictAddressFamilies', 'AF_INET AF_INET6 AF_UNIX'],
    ['RestrictNamespaces', 'yes'],
    ['SystemCallArchitectures', 'native'],
    ['SystemCallFilter', '@system-service'],
    ['SystemCallErrorNumber', 'EPERM'],
  ];
}
