import type { ServiceSpec, Supervision } from '../../../ports/init.ts';
import { plainValue, quoteWord } from './quote.ts';
import { sandboxLines } from './sandbox.ts';
import { socketLines } from './socket-lines.ts';
import type { UnitFacts } from './unit-facts.ts';
import { identifierOf } from './unit-name.ts';

/** The longest grace that a stop can give, in seconds; the agent kills earlier where it is asked to. */
const longestGraceSeconds = 90;

/** What systemd sets for every service, whether asked for or not. */
const alwaysSet = [
  'MANAGERPID',
  'HOME',
  'LOGNAME',
  'PATH',
  'SHELL',
  'USER',
  'LANG',
  'XDG_RUNTIME_DIR',
];

/**
 * The text of the unit that keeps a program running in a slot. Rejects with `start_failed` what a
 * unit cannot hold. Secrets are not in it: they stand in the environment's own file.
 */
export function unitFile(facts: UnitFacts): string {
  const { spec, scope, program, environment, user } = facts;
  const { supervision } = spec;
  const isSystem = scope === 'system';
  return [
    '# Made by Sallyport, and made anew when the slot is started: changes here are lost.',
    '[Unit]',
    `Description=Sallyport: ${plainValue(spec.name)}`,
    ...(isSystem ? ['Wants=network-online.target', 'After=network-online.target'] : []),
    // It is given up after five ends within a minute; the agent then sees to it.
    'StartLimitIntervalSec=60',
    'StartLimitBurst=5',
    '',
    '[Service]',
    ...typeLines(spec),
    ...(spec.socket === undefined ? [] : socketLines(spec.socket)),
    // With `:` a `$` in the words stands for itself.
    `ExecStart=:${[program, ...spec.command.slice(1)].map(quoteWord).join(' ')}`,
    `WorkingDirectory=${plainValue(spec.directory)}`,
    `EnvironmentFile=${plainValue(environment)}`,
    ...unsetLines(facts),
    ...(isSystem && user !== null ? [`User=${plainValue(user)}`] : []),
    `SyslogIdentifier=${plainValue(identifierOf(spec.name))}`,
    'StandardOutput=journal',
    'StandardError=journal',
    'Restart=on-failure',
    'RestartSec=1',
    'KillMode=control-group',
    `TimeoutStopSec=${longestGraceSeconds}`,
    ...(supervision ? limitLines(supervision.limits) : []),
    ...(supervision?.sandbox ? sandboxLines(facts) : []),
    '',
    '[Install]',
    `WantedBy=${isSystem ? 'multi-user.target' : 'default.target'}`,
    '',
  ].join('\n');
}

/** Whether it is healthy is for the probes to say, so a program that is slow to say that it is ready has time. */
function typeLines({ supervision, socket }: ServiceSpec): readonly string[] {
  const time = 'TimeoutStartSec=600';
  if (!supervision?.notify) return ['Type=exec', ...(socket === undefined ? [] : [time])];
  // What says READY=1 may be a child: `npm start` is not the program itself.
  return ['Type=notify', 'NotifyAccess=all', time];
}

/** The environment of a program is the one that it is given, whole. */
function unsetLines({ spec, inherited }: UnitFacts): readonly string[] {
  const names = [...new Set([...alwaysSet, ...inherited])]
    .filter((name) => /^[A-Za-z_]\w*$/.test(name) && !(name in spec.env))
    .toSorted();
  return names.length === 0 ? [] : [`UnsetEnvironment=${names.join(' ')}`];
}

function limitLines({ memory, cpu, tasks, files }: Supervision['limits']): readonly string[] {
  return [
    // Without the second line it would go on into the swap.
    ...(memory === null ? [] : [`MemoryMax=${memory}`, 'MemorySwapMax=0']),
    ...(cpu === null ? [] : [`CPUQuota=${Math.max(1, Math.round(cpu * 100))}%`]),
    ...(tasks === null ? [] : [`TasksMax=${tasks}`]),
    ...(files === null ? [] : [`LimitNOFILE=${files}`]),
  ];
}
