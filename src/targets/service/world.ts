import { join } from 'node:path';
import type { ServiceConfig } from '../../config/service.ts';
import type { TargetContext } from '../context.ts';
import { routeOf } from '../route.ts';
import type { SlotName } from './slots.ts';
import type { StateFile } from '../state-file.ts';
import { withDefaults } from './with-defaults.ts';
import { openState, type State } from './state-file.ts';

/** A service's context, with the names and places that follow from it. */
export interface World extends TargetContext<ServiceConfig> {
  readonly state: StateFile<State>;
  /** Name of the proxy's route: `production.web`. */
  readonly route: string;
  /** Folder of all releases of this target in this environment. */
  readonly releases: string;
}

export function worldOf(context: TargetContext<ServiceConfig>): World {
  const { environment, target, paths } = context;
  const route = routeOf(environment, target);
  return {
    ...context,
    config: withDefaults(context.config),
    route,
    state: openState(join(paths.state, 'slots', `${route}.json`)),
    releases: join(paths.state, 'releases', environment, target),
  };
}

/** Name of a slot's program on this host: `production.web.blue`. */
export function unitOf(world: World, slot: SlotName): string {
  return `${world.route}.${slot}`;
}

/** Where the program in a slot prints to. */
export function logOf(world: World, slot: SlotName): string {
  return join(world.paths.state, 'logs', `${unitOf(world, slot)}.log`);
}
