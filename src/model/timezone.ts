const dayMs = 86_400_000;
/** Zones and days that are remembered; more means that somebody is asking about everything. */
const maxZones = 64;
const maxDays = 20_000;

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** Offset from UTC at the first instant of a UTC day, in ms, by days since 1970. */
  readonly offsets: Map<number, number>;
  /** When it changed, in ms since 1970, for days on which it did. */
  readonly changes: Map<number, number>;
}

const zones = new Map<string, Zone>();

/** Whether this machine knows an IANA timezone by this name; bare offsets are none. */
export function isTimezone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return false;
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** How far local time is ahead of UTC at an instant, in ms. Throws a RangeError for an unknown timezone. */
export function offsetAt(timezone: string, at: number): number {
  const zone = zoneOf(timezone);
  const day = Math.floor(at / dayMs);
  const before = offsetAtDay(zone, day);
  const after = offsetAtDay(zone, day + 1);
  // No timezone changes twice within a day: equal at both ends means the same all day.
  if (before === after) return before;
  return at < changeOn(zone, day) ? before : after;
}

/**
 * The instant of a wall-clock time, which is given as if it were UTC, in ms. By the rules of
 * RFC 5545: of a time that comes twice the first; one that does not exist is read with the
 * offset before the gap.
 */
export function instantOf(timezone: string, wall: number): number {
  const before = offsetAt(timezone, wall - dayMs);
  const after = offsetAt(timezone, wall + dayMs);
  const early = wall - before;
  if (before === after || offsetAt(timezone, early) === before) return early;
  const late = wall - after;
  return offsetAt(timezone, late) === after ? late : early;
}

/** `2027-01-03T00:00:00+01:00`; in UTC `2027-01-02T23:00:00Z`. Whole seconds. */
export function isoIn(timezone: string, at: number): string {
  const offset = offsetAt(timezone, at);
  const local = new Date(at + offset).toISOString().slice(0, 19);
  if (offset === 0) return `${local}Z`;
  const minutes = Math.abs(offset) / 60_000;
  const two = (count: number) => String(Math.floor(count)).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  if (zones.size >= maxZones) zones.clear();
  const zone = { format: formatOf(name), offsets: new Map(), changes: new Map() };
  zones.set(name, zone);
  return zone;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
}

function offsetAtDay(zone: Zone, day: number): number {
  const known = zone.offsets.get(day);
  if (known !== undefined) return known;
  if (zone.offsets.size >= maxDays) zone.offsets.clear();
  const offset = readOffset(zone, day * dayMs);
  zone.offsets.set(day, offset);
  return offset;
}

/** The first instant of the new offset, by halving the day. */
function changeOn(zone: Zone, day: number): number {
  const known = zone.changes.get(day);
  if (known !== undefined) return known;
  let [low, high] = [day * dayMs, (day + 1) * dayMs];
  const before = readOffset(zone, low);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (readOffset(zone, middle) === before) low = middle;
    else high = middle;
  }
  if (zone.changes.size >= maxDays) zone.changes.clear();
  zone.changes.set(day, high);
  return high;
}

function readOffset(zone: Zone, at: number): number {
  const name = zone.format.formatToParts(at).find(({ type }) => type === 'timeZoneName');
  // `GMT`, `GMT+05:30`, and of long ago `GMT+00:53:28`.
  const [, sign, hours, minutes, seconds = 0] =
    /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name?.value ?? '') ?? [];
  if (sign === undefined) return 0;
  const ms = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -ms : ms;
}
