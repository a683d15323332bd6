import { createHash } from 'node:crypto';
import { upstreamText } from '../../../model/upstream.ts';
import type { SlotTarget } from '../links.ts';

/** A server of a backend. It is made for one upstream of one slot, and never gets another. */
export interface Server extends SlotTarget {
  readonly name: string;
}

/** Another address is another server: nothing of what is under way, or kept, is taken for the new one. */
export function serverFor({ slot, upstream }: SlotTarget): Server {
  const digest = createHash('sha256').update(upstreamText(upstream)).digest('hex').slice(0, 10);
  return { name: `${slot}.${digest}`, slot, upstream };
}

export function slotOf(server: string): string {
  return server.split('.')[0]!;
}

/**
 * What follows the name of a server. The weight keeps traffic away that was not sent to it by name, and
 * idle connections do not outlive the patience of usual programs (5 s in Node).
 */
export function serverWords({ upstream }: Server): string {
  const address = 'socket' in upstream ? `unix@${upstream.socket}` : upstreamText(upstream);
  return `${address} weight 0 pool-purge-delay 1s`;
}
