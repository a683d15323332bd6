import type { EnvironmentView } from './fold-environment.ts';
import { picturesOf, type HostPicture } from './host-pictures.ts';
import { hostsAtWork, silentHosts } from './silent-hosts.ts';

/**
 * Where the hosts of an environment stand: in the deployment in hand, or in what people want to run,
 * since whoever was left out of it is still to catch up. `all` are the environments that were read.
 */
export function picturesNow(
  view: EnvironmentView,
  all: Iterable<EnvironmentView>,
  now: number,
): readonly HostPicture[] {
  const shown = view.running ?? view.desired;
  if (!shown) return [];
  const lost = silentHosts(view, false, now, hostsAtWork(all));
  return picturesOf(shown, now, new Map(lost.map(({ host, since }) => [host, since] as const)));
}
