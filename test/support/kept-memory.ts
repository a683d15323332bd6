import type { Memory } from '../../src/ports/outbox.ts';

/** What a store remembers, without one. */
export function keptMemory(): Memory {
  const kept = new Map<string, string>();
  return {
    recall: (key) => Promise.resolve(kept.get(key) ?? null),
    keep: (key, value) => Promise.resolve(void kept.set(key, value)),
  };
}
