import { setTimeout as sleep } from 'node:timers/promises';

const pauseMs = 20;

/**
 * Waits until `look` gives something, and gives that. After `withinMs` it rejects with what was
 * waited for and with what `facts` tells of the place.
 */
export async function until<Found>(
  what: string,
  look: () => Found | null | undefined | false | Promise<Found | null | undefined | false>,
  { withinMs = 30_000, facts = () => '' }: { withinMs?: number; facts?: () => string } = {},
): Promise<Found> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > deadline) {
      throw new Error(`waited ${withinMs / 1000} s in vain until ${what}\n${facts()}`);
    }
    await sleep(pauseMs);
  }
}
