import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { notFound } from '../http/errors.ts';
import { cursorPage } from '../http/cursor.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { deliveryJson, fullDeliveryJson } from '../json/delivery.ts';
import type { Delivery } from '../state/types.ts';
import { redeliver } from '../webhooks/redeliver.ts';
import { ok } from './answers.ts';

const app = { kind: 'app' } as const;

/** The App's own log of webhooks; a delivery under way is not in it yet. */
export const deliveryRoutes: readonly Route[] = [
  route('GET /app/hook/deliveries', app, list),
  route('GET /app/hook/deliveries/{delivery_id}', app, (call) =>
    ok(fullDeliveryJson(deliveryById(call))),
  ),
  route('POST /app/hook/deliveries/{delivery_id}/attempts', app, (call) => {
    redeliver(call.world, deliveryById(call));
    return { status: 202, body: {} };
  }),
];

function list(call: Call): Answer {
  const newestFirst = [...logOf(call)].sort((a, b) => b.id - a.id);
  return cursorPage(call, call.visible(newestFirst), 'cursor', deliveryJson);
}

function logOf(call: Call): Delivery[] {
  const { actor } = call;
  return call.world.state.deliveries.filter(
    (delivery) => actor.kind === 'app' && delivery.app === actor.app && delivery.outcome !== null,
  );
}

function deliveryById(call: Call): Delivery {
  const id = call.number('delivery_id');
  const found = logOf(call).find((delivery) => delivery.id === id);
  if (!found) throw notFound();
  return found;
}
