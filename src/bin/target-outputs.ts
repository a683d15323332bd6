import type { Work } from '../deploy/journal-entries.ts';
import type { TargetContext } from '../targets/context.ts';

/** What earlier targets of the same job gave on this host, by target. */
export async function outputsBefore(
  { job, targetIndex, host }: Pick<Work, 'job' | 'targetIndex' | 'host'>,
  state: string,
): Promise<TargetContext['outputs']> {
  const earlier = job.targets
    .slice(0, targetIndex)
    .filter(({ kind, hosts }) => kind === 'command' && isAt(hosts, host));
  if (earlier.length === 0) return {};
  const { stateOf } = await import('../targets/command/state-of.ts');
  const given = earlier.map(async ({ name }) => {
    const { applied } = await stateOf(state, job.environment, name).read();
    return applied ? [[name, applied.outputs] as const] : [];
  });
  return Object.fromEntries((await Promise.all(given)).flat());
}

/** What lives on no host is at hand everywhere. */
function isAt(hosts: readonly string[], host: string | null): boolean {
  return hosts.length === 0 || host === null || hosts.includes(host);
}
