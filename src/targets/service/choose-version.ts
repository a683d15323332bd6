import type { Operation, Sha } from '../../model/job.ts';

export interface VersionSources {
  readonly sha: Sha;
  readonly operation: Operation;
  /** The tag that names the commit. */
  readonly tag: string | null;
  /** What the slots were started as. */
  readonly slots: readonly ({ readonly sha: Sha; readonly version: string } | null)[];
  /** Text of the commit's VERSION file. */
  readonly file: string | null;
}

/**
 * Version of a release: its tag, else a `VERSION` file, else the short SHA. A release that
 * is still in a slot keeps the version that it was started as: going back to it must not
 * start it again because it was tagged meanwhile, nor need the network to learn its name.
 */
export function chooseVersion({ sha, operation, tag, slots, file }: VersionSources): string {
  const kept = slots.find((slot) => slot?.sha === sha)?.version;
  if (operation === 'rollback' && kept !== undefined) return kept;
  return tag ?? kept ?? firstLine(file) ?? sha.slice(0, 7);
}

function firstLine(file: string | null): string | undefined {
  const line = file?.trim().split('\n')[0]?.trim();
  return line !== undefined && /^[\w.+-]{1,64}$/.test(line) ? line : undefined;
}
