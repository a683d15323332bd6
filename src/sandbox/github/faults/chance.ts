/** A number in [0, 1) that the seed and the words fix, whatever was asked before. */
export type Chance = (...words: readonly (string | number)[]) => number;

/**
 * Faults are decided by what they befall, not by a running generator: requests overlap in
 * another order each time, and a failing run should still meet most of the same faults again.
 */
export function seededChance(seed: number): Chance {
  return (...words) => {
    let hash = (0x811c9dc5 ^ seed) >>> 0;
    for (const char of words.join('\0')) {
      hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    }
    return mixed(hash) / 2 ** 32;
  };
}

/** Neighbouring words hash to neighbouring numbers; this spreads them (murmur3's last step). */
function mixed(hash: number): number {
  let spread = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  spread = Math.imul(spread ^ (spread >>> 13), 0xc2b2ae35);
  return (spread ^ (spread >>> 16)) >>> 0;
}
