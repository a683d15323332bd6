import { z } from 'zod';

/** A line of GitHub's log of deliveries; a delivery that was sent again has several of one `guid`. */
export const ListedDelivery = z.object({
  id: z.int(),
  guid: z.string(),
  delivered_at: z.iso.datetime({ offset: true }),
  status_code: z.int(),
});
export type ListedDelivery = z.infer<typeof ListedDelivery>;

/** What could not be taken so often will not be taken. */
const maxAttempts = 5;

/** Of each delivery that nobody took the newest attempt, oldest delivery first. */
export function lostDeliveries(listed: readonly ListedDelivery[]): readonly ListedDelivery[] {
  const attempts = Map.groupBy(
    listed.toSorted((a, b) => a.id - b.id),
    ({ guid }) => guid,
  );
  return [...attempts.values()].flatMap((sendings) => {
    const isLost = sendings.every(({ status_code }) => status_code < 200 || status_code > 299);
    return isLost && sendings.length < maxAttempts ? sendings.at(-1)! : [];
  });
}
