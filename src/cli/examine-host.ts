import { socketPath } from '../agent/control.ts';
import type { AgentConfig } from '../config/agent.ts';
import type { StatusJson } from '../report/status-json.ts';
import { askAsUser } from '../upkeep/doctor/ask-as-user.ts';
import { checks } from '../upkeep/doctor/checks.ts';
import { examine, type Found } from '../upkeep/doctor/examine.ts';
import { findingsText } from '../upkeep/doctor/findings-text.ts';
import { findServices, type KnownService } from '../upkeep/known-services.ts';
import type { UpkeepParts } from '../upkeep/parts.ts';
import { askAgentJson } from './agent-client.ts';
import { coloursOf, widthOf } from './output.ts';
import type { Installation } from './upkeep-place.ts';
import { version } from './version.ts';
import type { World } from './world.ts';

/** Looks at everything that the agent of an installation needs. */
export async function examineHost(
  { place, user, config }: Installation & { readonly config: AgentConfig },
  { machine, clock, probes, program }: UpkeepParts,
  asked: readonly KnownService['driver'][] = [],
): Promise<readonly Found[]> {
  const services = await findServices(config.state, machine).catch(() => []);
  const drivers = [...new Set([...services.map(({ driver }) => driver), ...asked])];
  const world = {
    machine,
    place,
    user,
    config,
    probes: probes(config),
    ask: () => askAbout(config.state),
    services,
    drivers,
    version,
    node: process.versions.node,
    now: () => clock.now(),
  };
  return await askAsUser(await examine(checks, world, clock), world, program);
}

/** Findings on standard output, in colours on a terminal. */
export function printFindings(found: readonly Found[], world: World): void {
  const colours = coloursOf(world.stdout, world.env);
  world.stdout.write(findingsText(found, { width: Math.min(100, widthOf(world)), colours }));
}

async function askAbout(state: string) {
  const { agent } = await askAgentJson<StatusJson>(socketPath(state), '/status');
  const { version: of = 'unknown', connected = false, problem = null } = agent ?? {};
  return { version: of, connected, problem };
}
