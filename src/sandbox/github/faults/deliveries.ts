import type { Sending } from '../hooks.ts';
import type { Delivery } from '../state/types.ts';
import type { Chance } from './chance.ts';
import type { Unkindness } from './unkindness.ts';

/** How often and when a webhook is sent; never, where it is lost. */
export function planDelivery(
  { lostDelivery, duplicateDelivery, lateDelivery }: Unkindness,
  chance: Chance,
  delivery: Delivery,
): readonly Sending[] {
  const befalls = (fault: { readonly rate: number } | undefined, name: string): boolean =>
    fault !== undefined && chance(name, delivery.id) < fault.rate;
  const delayOf = (copy: number): number =>
    lateDelivery && befalls(lateDelivery, `late delivery ${copy}`)
      ? Math.ceil(chance('late delivery by', copy, delivery.id) * lateDelivery.longestMs)
      : 0;

  if (!delivery.redelivery && befalls(lostDelivery, 'lost delivery')) return [];
  const copies = befalls(duplicateDelivery, 'duplicate delivery') ? [0, 1] : [0];
  return copies.map((copy) => ({ delivery, delayMs: delayOf(copy) }));
}
