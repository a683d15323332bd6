import { createHash } from 'node:crypto';

/** A weak ETag of one caller's view of an answer: another token has another one, as on GitHub. */
export function etagOf(authorization: string | undefined, bytes: string): string {
  const hash = createHash('sha256')
    .update(authorization ?? '')
    .update('\0')
    .update(bytes);
  return `W/"${hash.digest('hex')}"`;
}

/** Whether an If-None-Match header names the ETag; weak and strong forms are the same. */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const bare = (tag: string): string => tag.trim().replace(/^W\//, '');
  return header.split(',').some((tag) => bare(tag) === bare(etag) || tag.trim() === '*');
}
