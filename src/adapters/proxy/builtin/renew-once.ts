import { askProxy } from './control-client.ts';
import { PingValue } from './control-messages.ts';

export interface Newer {
  readonly socket: string;
  readonly entry: readonly [string, ...string[]];
  readonly version: string;
}

/** By socket: an agent asks once in its life, whatever came of it. A proxy that refuses says why in `check`. */
const asked = new Map<string, Promise<void>>();

/** Has a running proxy of another version hand over to this one. Never rejects: the other one serves as well. */
export async function renewOnce(newer: Newer): Promise<void> {
  const before = asked.get(newer.socket);
  if (before) return await before;
  const asking = renew(newer).catch(() => {});
  asked.set(newer.socket, asking);
  await asking;
}

async function renew({ socket, entry, version }: Newer): Promise<void> {
  const running = await askProxy(socket, { op: 'ping' });
  const known = PingValue.safeParse(running?.value);
  // One that cannot name its version cannot hand over.
  if (!known.success || known.data.version === version) return;
  await askProxy(socket, { op: 'hand-over', node: process.execPath, entry: [...entry] });
}
