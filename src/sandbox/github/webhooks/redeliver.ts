import { nextId } from '../state/memory.ts';
import type { Delivery } from '../state/types.ts';
import type { World } from '../world.ts';
import { dispatch } from './send.ts';

/** Sends the same payload again under the same guid, as a new line of the log. */
export function redeliver(world: World, delivery: Delivery): void {
  const id = nextId(world.state);
  dispatch(world, { ...delivery, id, redelivery: true, at: world.now(), outcome: null });
}
