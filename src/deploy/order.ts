import type { Job } from '../model/job.ts';

type Asked = Pick<Job, 'operation' | 'ref' | 'flags'>;

/**
 * Whether a newer deployment takes the place of an older one that has not begun, rather than wait
 * behind it: one of the same branch, tag or pull request does. What came by itself gives way to
 * whatever is newer, and a rollback of a person, or a switch, goes before everything: people want it now,
 * and what is staged would not outlast another deployment.
 */
export function supersedes(newer: Asked, older: Asked): boolean {
  if (older.flags['auto'] === true) return true;
  if (newer.operation === 'switch') return true;
  if (newer.operation === 'rollback' && newer.flags['auto'] !== true) return true;
  return newer.ref === older.ref || isSamePull(newer, older);
}

function isSamePull(newer: Asked, older: Asked): boolean {
  const { pull } = newer.flags;
  return pull !== undefined && pull === older.flags['pull'];
}
