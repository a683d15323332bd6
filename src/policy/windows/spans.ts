/** A stretch of time, `[start, end)`, in ms since 1970. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The same times as sorted stretches that neither overlap nor touch. */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || span.start > last.end) merged.push(span);
    else if (span.end > last.end) merged[merged.length - 1] = { start: last.start, end: span.end };
  }
  return merged;
}

/** What is left of `spans` without `holes`; both merged, and so is the answer. */
export function subtractSpans(spans: readonly Span[], holes: readonly Span[]): readonly Span[] {
  const left: Span[] = [];
  let next = 0;
  for (const { start, end } of spans) {
    let from = start;
    while (next < holes.length && holes[next]!.end <= from) next++;
    for (let at = next; at < holes.length && holes[at]!.start < end; at++) {
      if (holes[at]!.start > from) left.push({ start: from, end: holes[at]!.start });
      from = holes[at]!.end;
    }
    if (from < end) left.push({ start: from, end });
  }
  return left;
}

/** The parts between two instants. */
export function clipSpans(spans: readonly Span[], from: number, to: number): readonly Span[] {
  return spans
    .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }))
    .filter(({ start, end }) => start < end);
}
