import { readdir, readFile } from 'node:fs/promises';
import { personOf, type Person } from '../person-of.ts';

export interface CaddyProcess extends Person {
  /** Whether it takes up at a start what its admin API was told before. */
  readonly resumes: boolean;
}

/** Every Caddy on this host that serves, as far as this process may see them. */
export async function listCaddies(): Promise<readonly CaddyProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => caddyOf(Number(pid)).catch(() => null)));
  return found.filter((process) => process !== null);
}

async function caddyOf(pid: number): Promise<CaddyProcess | null> {
  if ((await readFile(`/proc/${pid}/comm`, 'utf8')).trim() !== 'caddy') return null;
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  return {
    resumes: words.includes('--resume') || words.includes('-resume'),
    ...(await personOf(pid)),
  };
}
