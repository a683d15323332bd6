import type { Canary } from '../../../ports/proxy.ts';
import { keys, lots, type Choices } from './choices.ts';
import type { Server } from './servers.ts';

/** The canary that the choices speak of; `null` where there is none. */
export function canaryIn(choices: Choices, servers: readonly Server[]): Canary | null {
  const found = servers.find(({ name }) => name === choices.get(keys.canary));
  const lot = Number(choices.get(keys.share) ?? 0);
  if (!found || lot === 0) return null;
  const { slot, upstream } = found;
  return { slot, upstream, share: lot / lots, sticky: choices.has(keys.sticky) };
}
