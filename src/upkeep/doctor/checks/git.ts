import { fail, ok, warn, type Finding } from '../finding.ts';
import type { DoctorWorld } from '../world.ts';

/** Partial clones, which keep the cache small, work as they should from here on. */
const goodEnough = [2, 25] as const;

/** The program git; without it HTTPS still works, slowly, and nothing else does. */
export async function checkGit({ machine, config }: DoctorWorld): Promise<readonly Finding[]> {
  const { status, stdout } = await machine.run(['git', '--version']);
  const install = 'apt-get install git';
  if (status !== 0) {
    const { source } = config;
    const needs = source.directory !== undefined || !/^https?:/.test(source.git ?? 'https:');
    if (needs) return [fail('git is not installed, and this source needs it.', install)];
    return [warn('git is not installed: fetching takes several times as long.', install)];
  }
  const version = /(\d+)\.(\d+)(?:\.\d+)*/.exec(stdout);
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  const isOld = major < goodEnough[0] || (major === goodEnough[0] && minor < goodEnough[1]);
  if (isOld) return [warn(`git ${version?.[0]} is older than ${goodEnough.join('.')}.`, install)];
  return [ok(`git ${version?.[0] ?? stdout.trim()}`)];
}
