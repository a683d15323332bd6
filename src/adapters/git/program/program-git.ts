import type { Sha } from '../../../model/job.ts';
import type { Git } from '../../../ports/git.ts';
import { whileLocked } from '../cache-lock.ts';
import type { Credentials, SshCredentials } from '../credentials.ts';
import type { Remote } from '../remote-url.ts';
import type { GitAccess } from './environment.ts';
import { fetchObjects, fetchRefs } from './fetch.ts';
import { missingBelow } from './missing.ts';
import { makeCache, readCache } from './read-cache.ts';
import { readRefs } from './read.ts';
import { refuseShallow } from './shallow.ts';
import { checkSshFiles } from './ssh.ts';

/** The Git port on the `git` program, in the bare cache at `cache`. */
export async function openProgramGit(
  cache: string,
  remote: Remote,
  credentials: Credentials,
  ssh: SshCredentials = {},
): Promise<Git> {
  await checkSshFiles(ssh, remote);
  await makeCache(cache);
  const access = async (): Promise<GitAccess> => ({ remote, token: await credentials(), ssh });

  /** Tips of which every file is here: looking again would cost more than the round trip. */
  const whole = new Set<Sha>();

  async function bring(oids: readonly string[], signal?: AbortSignal): Promise<void> {
    if (oids.length === 0) return;
    const granted = await access();
    await whileLocked(cache, signal, () => fetchObjects(oids, cache, granted, signal));
  }

  return {
    ...readCache(cache, bring),

    async fetch(signal) {
      const granted = await access();
      return await whileLocked(cache, signal, async () => {
        const isNew = (await readRefs(cache)).length === 0;
        if (isNew) await refuseShallow(cache, granted, signal);
        await fetchRefs(cache, granted, signal);
        const refs = await readRefs(cache);
        const tips = [...new Set(refs.map(({ sha }) => sha))].filter((sha) => !whole.has(sha));
        await fetchObjects(await missingBelow(cache, tips), cache, granted, signal);
        for (const sha of tips) whole.add(sha);
        return refs;
      });
    },
  };
}
