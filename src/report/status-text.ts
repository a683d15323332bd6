import type { StatusJson } from './status-json.ts';
import { textTable } from './text-table.ts';
import { shortSha } from './words.ts';

/** `sallyport status` for a terminal of 80 columns. */
export function statusText({ environments }: StatusJson): string {
  if (environments.length === 0) return 'Nothing was deployed yet.';
  const rows = environments.flatMap((environment) => [
    [
      environment.name,
      environment.health,
      environment.sync,
      environment.commit ? shortSha(environment.commit) : '-',
      environment.since ?? '-',
    ],
    ...environment.hosts.flatMap((host) =>
      host.targets.map(({ name, slot, version, health }) => [
        `  ${host.name}`,
        health,
        host.state,
        version ?? '-',
        slot ? `${name} (${slot})` : name,
      ]),
    ),
  ]);
  return textTable(['environment', 'health', 'state', 'commit', 'since'], rows);
}
