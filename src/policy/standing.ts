import type { Standing } from './facts.ts';

/** Whether somebody's word still holds; the instant at which it ends is free again. */
export function stands(word: Standing | null, at: number): word is Standing {
  return word !== null && (word.until === null || at < word.until);
}

/** `by mona since 2026-12-20 18:00 UTC: moving the database`. */
export function standingInWords({ by, reason, since }: Standing): string {
  const words = `by ${by} since ${minuteOf(since)} UTC`;
  return reason === '' ? words : `${words}: ${reason}`;
}

function minuteOf(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
