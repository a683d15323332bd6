import type { IncomingHttpHeaders } from 'node:http';
import type { Asked } from './exchange.ts';
import { inMaintenance, noHealthySlot, otherName, type Refusal } from './refusal.ts';
import { cookieValue, isInShare, placeCookie, placeFrom } from './share.ts';

/** What a route goes by. `S` is whatever stands for a slot. */
export interface Rules<S> {
  readonly name: string;
  readonly serverNames: readonly string[];
  readonly maintenance: string | null;
  readonly preview: { readonly header: string; readonly cookie: string } | null;
  /** The slot of that name that a preview may show, where there is one. */
  find(slot: string): S | null;
  readonly canary: {
    readonly slot: S;
    readonly share: number;
    readonly cookie: string | null;
  } | null;
  /** The slot that has the traffic, or why there is none. */
  readonly current: S | { readonly why: string };
}

export type Choice<S> =
  | { readonly kind: 'slot'; readonly slot: S; readonly setCookie: string | null }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

/** Where a request goes. `nextPlace` gives the place of a visitor who has none, and is called for nobody else. */
export function chooseSlot<S extends object>(
  rules: Rules<S>,
  asked: Asked,
  nextPlace: () => number,
): Choice<S> {
  const { name, serverNames, maintenance, preview, canary, current } = rules;
  if (serverNames.length > 0 && !isNamed(serverNames, hostOf(asked.headers))) {
    return { kind: 'refuse', refusal: otherName(name) };
  }
  if (maintenance !== null) return { kind: 'refuse', refusal: inMaintenance(maintenance) };
  const shown = preview && askedFor(asked.headers, preview);
  const previewed = shown ? rules.find(shown) : null;
  if (previewed) return { kind: 'slot', slot: previewed, setCookie: null };
  if ('why' in current) return { kind: 'refuse', refusal: noHealthySlot(name, current.why) };
  if (!canary) return { kind: 'slot', slot: current, setCookie: null };
  const { cookie, share } = canary;
  const known = cookie === null ? null : placeFrom(asked.headers.cookie, cookie);
  const place = known ?? nextPlace();
  const isNew = cookie !== null && known === null;
  return {
    kind: 'slot',
    slot: isInShare(place, share) ? canary.slot : current,
    setCookie: isNew ? placeCookie(cookie, place, asked.secure) : null,
  };
}

function askedFor(
  headers: IncomingHttpHeaders,
  { header, cookie }: NonNullable<Rules<object>['preview']>,
): string | null {
  const value = headers[header.toLowerCase()];
  return typeof value === 'string' ? value : cookieValue(headers.cookie, cookie);
}

function hostOf(headers: IncomingHttpHeaders): string {
  const named = headers[':authority'] ?? headers.host ?? '';
  return String(named).replace(/:\d+$/, '').toLowerCase();
}

function isNamed(names: readonly string[], host: string): boolean {
  return names.some((name) =>
    name.startsWith('*.')
      ? host.endsWith(name.slice(1)) && host.length >= name.length
      : host === name,
  );
}
