/**
 * How unkind the stand-in is, one switch a fault. A rate is the share of requests, reads or
 * deliveries that it befalls, in [0, 1]; times are milliseconds. Absent is off.
 */
export interface Unkindness {
  /** A request waits up to `longestMs` before its handler. */
  readonly delay?: { readonly rate: number; readonly longestMs: number };
  /** The connection ends before anything has happened. */
  readonly cut?: { readonly rate: number };
  /** A write takes effect, but its caller gets a cut connection or a 502. */
  readonly lostAnswer?: { readonly rate: number };
  /** Writes of one caller beyond these are refused with `Retry-After`, half 403, half 429. */
  readonly secondaryLimit?: { readonly perMinute: number; readonly perHour: number };
  /** A new entry stays out of lists up to `longestMs`, so that a lower id can appear after a higher one. */
  readonly lateEntry?: { readonly rate: number; readonly longestMs: number };
  /** A list as it was up to `longestMs` ago: entries that were seen before are gone again. */
  readonly staleRead?: { readonly rate: number; readonly longestMs: number };
  /** The first sending of a webhook never arrives; one that was asked for again always does. */
  readonly lostDelivery?: { readonly rate: number };
  /** A webhook arrives twice under one id. */
  readonly duplicateDelivery?: { readonly rate: number };
  /** A webhook comes up to `longestMs` late, after younger ones. */
  readonly lateDelivery?: { readonly rate: number; readonly longestMs: number };
}

/** No fault at all. */
export const kind: Unkindness = {};

/** Every fault, as often as lets things end within seconds. The limits are GitHub's own. */
export const unkind: Unkindness = {
  delay: { rate: 0.2, longestMs: 150 },
  cut: { rate: 0.04 },
  lostAnswer: { rate: 0.08 },
  secondaryLimit: { perMinute: 80, perHour: 500 },
  lateEntry: { rate: 0.25, longestMs: 2_000 },
  staleRead: { rate: 0.15, longestMs: 3_000 },
  lostDelivery: { rate: 0.04 },
  duplicateDelivery: { rate: 0.2 },
  lateDelivery: { rate: 0.3, longestMs: 800 },
};
