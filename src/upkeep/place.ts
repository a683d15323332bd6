import { join } from 'node:path';
import { polkitRulePath } from '../config/systemd-access.ts';
import { agentUnitName } from './unit-names.ts';

/** Of the whole machine, by root; or of one user, who needs nobody's leave. */
export type Scope = 'system' | 'user';

/** Where an installation's files are; absolute. */
export interface Place {
  readonly scope: Scope;
  /** Where agent.yml and the token are. */
  readonly settings: string;
  readonly config: string;
  readonly token: string;
  readonly envRoot: string;
  readonly state: string;
  /** Where systemd looks for units of this scope. */
  readonly units: string;
  readonly completion: string;
  /** Says what the agent's user may ask of systemd; `null` where it needs no leave. */
  readonly polkit: string | null;
  /** As that, for reloading the proxy of the host. */
  readonly proxyPolkit: string | null;
}

interface Settled {
  readonly config: string | null;
  /** Of the user that it is installed for. */
  readonly home: string;
  /** As the environment names them; absent: below home. */
  readonly xdg?: { readonly config?: string | undefined; readonly state?: string | undefined };
}

/** Where everything goes. `config` counts where it is given. */
export function placeOf(scope: Scope, { config, home, xdg = {} }: Settled): Place {
  const settings =
    scope === 'system' ? '/etc/sallyport' : join(xdg.config ?? join(home, '.config'), 'sallyport');
  const common = {
    scope,
    settings,
    config: config ?? join(settings, 'agent.yml'),
    token: join(settings, 'token'),
    envRoot: join(settings, 'env'),
  };
  if (scope === 'system') {
    return {
      ...common,
      state: '/var/lib/sallyport',
      units: '/etc/systemd/system',
      completion: '/etc/bash_completion.d/sallyport',
      polkit: polkitRulePath,
      proxyPolkit: '/etc/polkit-1/rules.d/50-sallyport-proxy.rules',
    };
  }
  const configs = xdg.config ?? join(home, '.config');
  return {
    ...common,
    state: join(xdg.state ?? join(home, '.local/state'), 'sallyport'),
    units: join(configs, 'systemd/user'),
    completion: join(home, '.local/share/bash-completion/completions/sallyport'),
    polkit: null,
    proxyPolkit: null,
  };
}

/** The path of the agent's unit. */
export function agentUnitPath({ units }: Place): string {
  return join(units, agentUnitName);
}
