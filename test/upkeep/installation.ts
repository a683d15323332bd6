import { AgentConfig } from '../../src/config/agent.ts';
import type { UnitFacts } from '../../src/upkeep/agent-unit.ts';
import { placeOf, type Scope } from '../../src/upkeep/place.ts';

/** An agent.yml as an installation reads it. */
export function agentConfig(more: object = {}): AgentConfig {
  return AgentConfig.parse({
    name: 'web-1',
    environments: ['production'],
    source: { github: 'acme/shop', credentials: { token_file: '/etc/sallyport/token' } },
    ...more,
  });
}

export function unitFacts(scope: Scope, more: Partial<UnitFacts> = {}): UnitFacts {
  const place = placeOf(scope, { config: null, home: '/home/ada' });
  return {
    scope,
    user: scope === 'system' ? 'sallyport' : 'ada',
    config: agentConfig({ state: place.state, env_root: place.envRoot }),
    configPath: place.config,
    program: { node: '/opt/s/bin/node', cli: '/opt/s/cli.js', proxy: '/opt/s/proxy.js' },
    driver: 'builtin',
    inits: [],
    ...more,
  };
}
