import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Elder } from './elder.ts';
import type { Heir } from './heir.ts';
import type { RouteTable } from './route-table.ts';

/** WebSockets, and answers that do not end, may stay so long, in ms. */
const graceMs = 10 * 60_000;
/** And so long where nobody tells this process of changes any more. */
const aloneMs = 30_000;

export interface LeavingSignals {
  readonly stop: AbortSignal;
  readonly ended: AbortSignal;
  /** Whoever has handed over to this process, and may still have connections. */
  readonly elder: Elder | null;
}

/** Serves the connections that are left. Resolves when there are none, or it is time to cut them off. */
export async function leave(
  routes: RouteTable,
  heir: Heir,
  { stop, ended, elder }: LeavingSignals,
): Promise<void> {
  const patience = { ref: false };
  await Promise.race([
    Promise.all([routes.leave(), elder?.gone()]),
    setTimeout(graceMs, undefined, patience),
    heir.gone().then(() => setTimeout(aloneMs, undefined, patience)),
    aborted(AbortSignal.any([stop, ended])),
  ]);
}

export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
