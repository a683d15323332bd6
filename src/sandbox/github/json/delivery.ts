import type { Delivery } from '../state/types.ts';
import type { Json } from './common.ts';
import { iso } from './common.ts';

/** A finished delivery, as the App's log lists it. */
export function deliveryJson(delivery: Delivery): Json {
  const { outcome } = delivery;
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: iso(delivery.at),
    redelivery: delivery.redelivery,
    duration: outcome?.seconds ?? 0,
    status: outcome?.status ?? 'pending',
    status_code: outcome?.statusCode ?? 0,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

export function fullDeliveryJson(delivery: Delivery): Json {
  const { outcome } = delivery;
  return {
    ...deliveryJson(delivery),
    url: delivery.app.webhookUrl ?? '',
    request: {
      headers: outcome?.requestHeaders ?? {},
      payload: JSON.parse(delivery.payload) as unknown,
    },
    response: { headers: outcome?.responseHeaders ?? {}, payload: outcome?.responseBody ?? '' },
  };
}
