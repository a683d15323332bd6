import type { StandIn } from '../stand-in.ts';
import type { World } from '../world.ts';
import { accountActs } from './accounts.ts';
import { repositoryActs } from './repositories.ts';
import { talkActs } from './talk.ts';

export function createStandIn(world: World, close: () => Promise<void>): StandIn {
  return {
    url: world.url,
    world,
    close,
    ...accountActs(world),
    ...repositoryActs(world),
    ...talkActs(world),
    deliveries: world.state.deliveries,
    async waitForDeliveries() {
      while (world.underWay.size > 0) await Promise.all(world.underWay);
    },
  };
}
