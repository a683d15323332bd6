/** The server takes 255 characters; one less, in case it counts otherwise. */
const maxLength = 254;
const mark = '#sp1.';
const recordPattern = /#sp1\.([\w-]{1,400})$/u;

/**
 * The `log_url` of a status: the first of the links that leaves room for the record, and the
 * record after it. `null` where not even the last one does. A link loses its own fragment:
 * a URL has one.
 */
export function logUrlWith(token: string, links: readonly string[]): string | null {
  const room = maxLength - mark.length - token.length;
  const link = links.map(withoutFragment).find((one) => one !== null && one.length <= room);
  return link ? `${link}${mark}${token}` : null;
}

/** The record in a `log_url`; `null` where there is none. */
export function recordInLogUrl(url: string): string | null {
  return recordPattern.exec(url)?.[1] ?? null;
}

function withoutFragment(link: string): string | null {
  const url = URL.canParse(link) ? new URL(link) : null;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return null;
  url.hash = '';
  return url.href;
}
