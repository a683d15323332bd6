/** The two places where a release of a service runs, in turn. */
export const slotNames = ['blue', 'green'] as const;
export type SlotName = (typeof slotNames)[number];

/** The slot that does not have the traffic; blue before the first switch. */
export function idleSlot(live: string | null): SlotName {
  return live === 'blue' ? 'green' : 'blue';
}

export function isSlotName(text: string | null): text is SlotName {
  return text === 'blue' || text === 'green';
}
