import { Versions } from '../../../src/upkeep/upgrade/versions.ts';

/** What an upgrade does once a version is unpacked: that one counts, and all but the one before it go. */
export async function useVersion(prefix: string, version: string, before: string): Promise<void> {
  const versions = new Versions(prefix, { run: () => Promise.reject(new Error('not asked here')) });
  await versions.clear();
  await versions.use(version);
  await versions.prune(new Set([version, before]));
}
