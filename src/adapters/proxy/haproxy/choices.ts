import type { Canary } from '../../../ports/proxy.ts';
import { serverFor, slotOf } from './servers.ts';

/** The entries of a route's map. A name of a slot leads to its server; what begins with `@` is ours. */
export type Choices = ReadonlyMap<string, string>;

/** A request draws one of so many lots; the canary has those below its share. */
export const lots = 1_000;

export const keys = {
  to: '@to',
  canary: '@canary',
  share: '@share',
  sticky: '@sticky',
  maintenance: '@maintenance',
} as const;

export function withoutCanary(choices: Choices): Choices {
  const ours = [keys.share, keys.canary, keys.sticky] as readonly string[];
  return new Map([...choices].filter(([key]) => !ours.includes(key)));
}

export function withCanary(choices: Choices, canary: Canary): Choices {
  const { name } = serverFor(canary);
  const lot = Math.min(Math.max(Math.round(canary.share * lots), 1), lots - 1);
  return new Map([
    ...withoutCanary(choices),
    [canary.slot, name],
    [keys.canary, name],
    ...(canary.sticky ? [[keys.sticky, '1'] as const] : []),
    // Last, as it is what sends requests there.
    [keys.share, String(lot)],
  ]);
}

export function withoutTraffic(choices: Choices): Choices {
  return new Map([...withoutCanary(choices)].filter(([key]) => key !== keys.to));
}

export function withMaintenance(choices: Choices, text: string | null): Choices {
  const next = new Map(choices);
  if (text === null) next.delete(keys.maintenance);
  else next.set(keys.maintenance, Buffer.from(text).toString('base64'));
  return next;
}

export function maintenanceOf(choices: Choices): string | null {
  const text = choices.get(keys.maintenance);
  return text === undefined ? null : Buffer.from(text, 'base64').toString();
}

/** The servers that a request may be sent to. */
export function serversIn(choices: Choices): ReadonlySet<string> {
  const leading = [...choices].filter(
    ([key]) => !key.startsWith('@') || key === keys.to || key === keys.canary,
  );
  return new Set(leading.map(([, server]) => server));
}

export function slotWithTraffic(choices: Choices): string | null {
  const server = choices.get(keys.to);
  return server === undefined ? null : slotOf(server);
}

/** The file: a key, a space, a value. */
export function writeChoices(choices: Choices): string {
  return [...choices].map(([key, value]) => `${key} ${value}\n`).join('');
}

/** As `show map` lists them: an address in memory before each. */
export function readShown(shown: string): Choices {
  const lines = shown.split('\n').map((line) => /^0x\S+ (\S+) (.*)$/.exec(line.trim()));
  return new Map(lines.flatMap((found) => (found ? [[found[1]!, found[2]!] as const] : [])));
}

/** The commands that make one of the other. What sends requests to a canary ends before its server goes. */
export function changeMap(path: string, from: Choices, to: Choices): readonly string[] {
  const dropped = [keys.share, ...from.keys()].filter((key) => from.has(key) && !to.has(key));
  return [
    ...[...new Set(dropped)].map((key) => `del map ${path} ${key}`),
    ...[...to].flatMap(([key, value]) => {
      if (from.get(key) === value) return [];
      return [`${from.has(key) ? 'set' : 'add'} map ${path} ${key} ${value}`];
    }),
  ];
}
