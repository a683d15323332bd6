/** From the arrival of a request to the end of its answer, in ms since 1970. */
export interface Span {
  readonly began: number;
  readonly ended: number;
}

/** How many spans follow each other at most: those that overlap count once. */
export function longestChain(spans: readonly Span[]): number {
  let [length, free] = [0, -Infinity];
  for (const { began, ended } of spans.toSorted((a, b) => a.ended - b.ended)) {
    if (began < free) continue;
    length += 1;
    free = ended;
  }
  return length;
}
