import { createHash } from 'node:crypto';

/** 2³² ÷ the golden ratio: its multiples fall evenly over 0…2³², however many there are. */
const step = 0x9e37_79b9;
const all = 2 ** 32;

/**
 * Where the `count`th visitor stands, from 0 up to 2³². Of any visitors in a row, as many stand
 * below a share of 2³² as that share says, but for a few.
 */
export function placeOf(count: number): number {
  return Math.imul(count, step) >>> 0;
}

/** Whether whoever stands there belongs to a share; who does stays in it when it grows. */
export function isInShare(place: number, share: number): boolean {
  return place < share * all;
}

/** Of a route; nothing in it tells a stranger what the route is called. */
export function cookieNameOf(route: string): string {
  return `sallyport_${createHash('sha256').update(route).digest('hex').slice(0, 8)}`;
}

/** The place that a visitor was given, out of the `Cookie` header; `null` where there is none. */
export function placeFrom(cookies: string | undefined, name: string): number | null {
  const value = cookieValue(cookies, name);
  return value !== null && /^[0-9a-f]{8}$/.test(value) ? Number.parseInt(value, 16) : null;
}

/** What gives a visitor a place, until the browser is closed. */
export function placeCookie(name: string, place: number, secure: boolean): string {
  const value = place.toString(16).padStart(8, '0');
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

export function cookieValue(cookies: string | undefined, name: string): string | null {
  for (const pair of (cookies ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}
