import type { EnvironmentView } from '../deploy/fold-environment.ts';
import type { Notebook } from './notebook.ts';

/** The number of the next word of a host on itself: above all that the ledger and its journal know. */
export function nextNumber(
  view: Pick<EnvironmentView, 'hosts'> | undefined,
  notebook: Pick<Notebook, 'lastSaidOfHost'>,
  environment: string,
  host: string,
): number {
  const known = view?.hosts.get(host)?.number ?? 0;
  return Math.max(known, notebook.lastSaidOfHost(environment)?.number ?? 0) + 1;
}
