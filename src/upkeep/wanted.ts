import { dirname, join } from 'node:path';
import { polkitRule, systemUnitsFolder } from '../config/systemd-access.ts';
import { agentUnit, type UnitFacts } from './agent-unit.ts';
import type { Place } from './place.ts';
import { proxyUnit } from './proxy-unit.ts';
import { reloadRule } from './reload-rule.ts';
import { agentUnitName, proxyUnitName } from './unit-names.ts';

/** Whose a path is: the agent's user, or whoever installs. */
export type Whose = 'agent' | 'installer';

export interface WantedFolder {
  readonly path: string;
  readonly mode: number;
  readonly whose: Whose;
  /** Others may go through it all the same, without seeing what is in it: a proxy to the sockets below. */
  readonly mayPass?: true;
}

export interface WantedFile {
  readonly path: string;
  readonly mode: number;
  readonly whose: Whose;
  readonly text: string;
  /** Written where it is missing only: afterwards it is the person's. */
  readonly isFirst?: true;
  readonly what: 'config' | 'unit' | 'polkit' | 'reload' | 'completion';
}

/** All that there should be on a host where the agent is installed. */
export interface Wanted {
  readonly place: Place;
  readonly user: string;
  readonly folders: readonly WantedFolder[];
  readonly files: readonly WantedFile[];
  readonly units: readonly string[];
  /** The file that the agent takes its token from; `null` where it needs none. */
  readonly token: string | null;
  /** The agent's user has a manager of its own that runs without a login. */
  readonly hasManager: boolean;
}

export interface Texts {
  /** `null` where there is an agent.yml. */
  readonly firstConfig: string | null;
  readonly completion: string;
}

/** Everything that is to be there, from the configuration that is, or will be. */
export function wantedOf(place: Place, facts: UnitFacts, texts: Texts): Wanted {
  const { config, user, driver, inits, scope } = facts;
  const hasProxyUnit = driver === 'builtin';
  const managesHost = scope === 'system' && inits.includes('systemd');
  const agent = 'agent' as const;
  const unit = (name: string, text: string): WantedFile => ({
    path: join(place.units, name),
    mode: 0o644,
    whose: 'installer',
    text,
    what: 'unit',
  });
  return {
    place,
    user,
    folders: [
      { path: dirname(place.config), mode: 0o755, whose: 'installer' },
      { path: config.env_root, mode: 0o700, whose: agent },
      {
        path: config.state,
        mode: driver === 'builtin' ? 0o700 : 0o711,
        whose: agent,
        mayPass: true,
      },
      ...driverFolder(facts),
      ...(hasProxyUnit ? [{ path: join(config.state, 'proxy'), mode: 0o700, whose: agent }] : []),
      ...(managesHost ? [{ path: systemUnitsFolder, mode: 0o700, whose: agent }] : []),
    ],
    files: [
      ...configFile(place, texts.firstConfig),
      unit(agentUnitName, agentUnit(facts)),
      ...(hasProxyUnit ? [unit(proxyUnitName, proxyUnit(facts))] : []),
      ...ruleFile(place.polkit, managesHost ? polkitRule(user) : null, 'polkit'),
      ...ruleFile(place.proxyPolkit, reloadRule(facts), 'reload'),
      {
        path: place.completion,
        mode: 0o644,
        whose: 'installer',
        text: texts.completion,
        what: 'completion',
      },
    ],
    hasManager: scope === 'system' && inits.includes('systemd-user'),
    units: [...(hasProxyUnit ? [proxyUnitName] : []), agentUnitName],
    token:
      config.source.github === undefined ? null : (config.source.credentials?.token_file ?? null),
  };
}

function configFile({ config }: Place, text: string | null): readonly WantedFile[] {
  if (text === null) return [];
  return [{ path: config, mode: 0o644, whose: 'installer', text, isFirst: true, what: 'config' }];
}

function ruleFile(
  path: string | null,
  text: string | null,
  what: 'polkit' | 'reload',
): readonly WantedFile[] {
  if (path === null || text === null) return [];
  return [{ path, mode: 0o644, whose: 'installer', text, what }];
}

/** Where the agent puts what a proxy of the host reads. Debian's own folder stays its owner's. */
function driverFolder({ config, driver, scope }: UnitFacts): readonly WantedFolder[] {
  if (scope === 'user' || (driver !== 'nginx' && driver !== 'haproxy')) return [];
  const path = config.proxies[driver].folder;
  return path === '/etc/nginx/conf.d' ? [] : [{ path, mode: 0o755, whose: 'agent' }];
}
