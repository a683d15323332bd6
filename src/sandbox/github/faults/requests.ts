import type { Answer, Intervention, RequestContext } from '../hooks.ts';
import type { Chance } from './chance.ts';
import type { Unkindness } from './unkindness.ts';

/** What befalls a request before its handler: a wait, then perhaps the end of its connection. */
export function decideBefore(
  { delay, cut }: Unkindness,
  chance: Chance,
  { sequence }: RequestContext,
): { readonly waitMs: number; readonly cut: boolean } {
  const waits = delay !== undefined && chance('delay', sequence) < delay.rate;
  return {
    waitMs: waits ? Math.ceil(chance('delay for', sequence) * delay.longestMs) : 0,
    cut: cut !== undefined && chance('cut', sequence) < cut.rate,
  };
}

/** What befalls a write that took effect: its caller does not hear of it. */
export function decideAfter(
  { lostAnswer }: Unkindness,
  chance: Chance,
  { method, sequence }: RequestContext,
  { status }: Answer,
): Intervention | undefined {
  if (lostAnswer === undefined || method === 'GET' || status >= 300) return undefined;
  if (chance('lost answer', sequence) >= lostAnswer.rate) return undefined;
  if (chance('lost how', sequence) < 0.5) return { kind: 'cut' };
  return { kind: 'answer', answer: { status: 502, body: { message: 'Server Error' } } };
}
