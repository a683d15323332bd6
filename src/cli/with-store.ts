import { existsSync } from 'node:fs';
import { storePlaceOf } from '../app/store-place.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { ItemSummary, Store } from '../ports/store.ts';
import type { World } from './world.ts';

/** Opens the App's store beside the App, and closes it. Rejects with `store_missing`. */
export async function withStore<Found>(
  world: World,
  look: (store: Store) => Promise<Found>,
): Promise<Found> {
  const place = storePlaceOf(world.env, world.cwd);
  // Looking must not make a store that nobody will ever write to.
  if (place.kind === 'file' && !existsSync(place.path)) throw missing(place.path);
  const store = await (await world.parts.openStore())(place);
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}

/** A delivery as scripts read it. */
export function deliveryJson(item: ItemSummary): Readonly<Record<string, string | number | null>> {
  const { id, kind, state, attempts, error } = item;
  return {
    id,
    event: kind,
    state,
    attempts,
    received_at: new Date(item.at).toISOString(),
    ended_at: item.endedAt === null ? null : new Date(item.endedAt).toISOString(),
    next_try_at: state === 'due' ? new Date(item.nextAt).toISOString() : null,
    error,
  };
}

export function noSuchDelivery(id: string): SallyportError {
  return new SallyportError({
    code: 'delivery_not_found',
    message: `The App has no delivery ${id}`,
    hint: 'See those that it has: sallyport deliveries list',
    exit: exitCodes.notFound,
  });
}

function missing(path: string): SallyportError {
  return new SallyportError({
    code: 'store_missing',
    message: `No App has written to ${path}`,
    hint: 'Run it as the App runs: as its user, with its SALLYPORT_STATE or DATABASE_URL.',
    exit: exitCodes.notFound,
  });
}
