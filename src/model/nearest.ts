/**
 * The known name that a misspelt one most likely meant, or `undefined`. A slip is a letter
 * added, left out, wrong, or swapped with its neighbour; a name of up to five letters forgives
 * one, a longer one two. Case is not counted. Of equals the first known one stands.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Infinity;
  for (const name of known) {
    const forgiven = name.length < 6 ? 1 : 2;
    if (Math.abs(name.length - word.length) > forgiven) continue;
    const slips = countSlips(word.toLowerCase(), name.toLowerCase());
    if (slips <= forgiven && slips < fewest) [best, fewest] = [name, slips];
  }
  return best;
}

/** Edit distance with swaps of neighbours (optimal string alignment). */
function countSlips(from: string, to: string): number {
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped =
        row > 1 &&
        column > 1 &&
        from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      current[column] = Math.min(
        above[column]! + 1,
        current[column - 1]! + 1,
        above[column - 1]! + (same ? 0 : 1),
        swapped ? before[column - 2]! + 1 : Infinity,
      );
    }
    [before, above] = [above, current];
  }
  return above[to.length]!;
}
