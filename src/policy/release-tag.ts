/** How a tag looks like a release; `null` of every other one. */
export type ReleaseLook =
  | { readonly kind: 'version' }
  /** `YY.MM.DD.B`: one only where the commit's `VERSION` file says the same. */
  | { readonly kind: 'calendar'; readonly version: string };

const semver =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/** `v` and a digit, a semantic version, or a day and a build. */
export function lookOf(tag: string): ReleaseLook | null {
  if (tag.length > 100) return null;
  const [, month, day] = /^\d{2}\.(\d{2})\.(\d{2})\.\d{1,6}$/.exec(tag) ?? [];
  if (month !== undefined && day !== undefined) {
    const isDay =
      Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
    return isDay ? { kind: 'calendar', version: tag } : null;
  }
  return /^v\d/.test(tag) || semver.test(tag) ? { kind: 'version' } : null;
}

/** Whether what the commit's `VERSION` file says makes the tag a release; `null`: there is no such file. */
export function agrees(look: ReleaseLook, file: string | null): boolean {
  return look.kind === 'version' || file?.trim() === look.version;
}

/** Orders tags from the oldest version to the newest; numbers count as numbers, `-rc.1` before its release. */
export function byVersion(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const order = comparePart(a[at], b[at]);
    if (order !== 0) return order;
  }
  return one < other ? -1 : one > other ? 1 : 0;
}

function partsOf(tag: string): readonly string[] {
  return tag.replace(/^v(?=\d)/, '').match(/\d+|[^\d.]+/g) ?? [];
}

/** What ends first is older than another number, and newer than words: 1.2 < 1.2.1, 1.2-rc < 1.2. */
function comparePart(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return /^\d/.test(b!) ? -1 : 1;
  if (b === undefined) return /^\d/.test(a) ? 1 : -1;
  const [isNumber, isOther] = [/^\d/.test(a), /^\d/.test(b)];
  if (isNumber && isOther) return Number(a) - Number(b);
  if (isNumber !== isOther) return isNumber ? 1 : -1;
  return a < b ? -1 : 1;
}
