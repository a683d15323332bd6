import { lingers } from '../../linger.ts';
import { readUnits, showUnits, systemctl, type UnitState } from '../../systemctl.ts';
import { agentUnitName, proxyUnitName } from '../../unit-names.ts';
import { fail, ok, warn, type Finding } from '../finding.ts';
import type { DoctorWorld } from '../world.ts';

/** Whether systemd starts the agent at boot, and keeps it up. */
export async function checkUnits(world: DoctorWorld): Promise<readonly Finding[]> {
  const { machine, place } = world;
  const names = [agentUnitName, proxyUnitName];
  const shown = await machine.run(showUnits(place.scope, names), 5_000);
  if (shown.status !== 0) {
    return [
      warn(
        'No systemd answers here: nothing starts the agent at boot.',
        shown.stderr.trim() || undefined,
      ),
    ];
  }
  const states = readUnits(shown.stdout);
  const agent = states.find(({ unit }) => unit === agentUnitName);
  if (agent?.loaded !== 'loaded') {
    return [
      warn(
        `There is no unit ${agentUnitName}: nothing starts the agent at boot.`,
        'sallyport agent install',
      ),
    ];
  }
  const present = states.filter(({ loaded }) => loaded === 'loaded');
  const findings = [
    ...present.flatMap((state) => judge(state, world)),
    ...(await lingering(world)),
  ];
  return findings.length > 0 ? findings : [ok('its units are enabled and active')];
}

function judge(state: UnitState, { place: { scope } }: DoctorWorld): readonly Finding[] {
  const { unit, active, sub, enabled, restarts, isStale } = state;
  const say = (...words: readonly string[]): string => systemctl(scope, ...words).join(' ');
  const findings: Finding[] = [];
  if (enabled !== 'enabled') {
    findings.push(
      warn(`${unit} does not start at boot (${enabled || 'unknown'}).`, say('enable', unit)),
    );
  }
  if (active !== 'active') {
    findings.push(
      fail(`${unit} is ${active} (${sub}).`, `${say('status', unit)}; ${say('start', unit)}`),
    );
  } else if (restarts > 3) {
    findings.push(
      warn(`systemd has started ${unit} again ${restarts} times.`, 'sallyport agent logs'),
    );
  }
  if (isStale) findings.push(warn(`${unit} was changed and not read again.`, say('daemon-reload')));
  return findings;
}

async function lingering({ machine, place }: DoctorWorld): Promise<readonly Finding[]> {
  if (place.scope === 'system' || (await lingers(machine)) === true) return [];
  const { name } = machine.me;
  return [
    warn(
      `All of ${name}'s units end at logout, and none starts at boot.`,
      `loginctl enable-linger ${name}`,
    ),
  ];
}
