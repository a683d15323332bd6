import { canonicalJson } from '../model/digest.ts';
import { withoutTricks } from './escape.ts';
import type { ChangeJson, PlanJson, PlanTargetJson } from './plan-json.ts';

/** The sign before a change, as in a diff. */
export const changeMarks = { add: '+', modify: '~', remove: '-', rename: '→' } as const;

const done = { add: 'added', modify: 'modified', remove: 'removed', rename: 'renamed' } as const;
const actions = ['add', 'modify', 'remove', 'rename'] as const;

/** `3 changes: 1 added, 2 removed; 1 is breaking`, of as many as are given. */
export function countsInWords(changes: readonly ChangeJson[]): string {
  const counts = actions.flatMap((action) => {
    const count = changes.filter((change) => change.action === action).length;
    return count === 0 ? [] : [`${count} ${done[action]}`];
  });
  const breaking = changes.filter((change) => change.breaking).length;
  const all = `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`;
  const broken = breaking === 0 ? '' : `; ${breaking} ${breaking === 1 ? 'is' : 'are'} breaking`;
  return `${all}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}${broken}`;
}

/** `Layer/new (was Layer/old) in layers/new.yaml, breaking: removed`, in one line. */
export function changeInWords({ resource, path, from, breaking, why }: ChangeJson): string {
  const was = from === undefined ? '' : ` (was ${from})`;
  const where = path === null || resource.endsWith(`/${path}`) ? '' : ` in ${path}`;
  const because = breaking ? `, breaking${why === undefined ? '' : `: ${why}`}` : '';
  return oneLine(`${resource}${was}${where}${because}`);
}

/** Nothing in it ends the line, or hides. */
export function oneLine(text: string): string {
  return withoutTricks(text.replace(/\s+/gu, ' ')).trim();
}

/** Hosts on which a target changes in the same way, as one; those with breaking changes first. */
export interface PlanGroup extends Omit<PlanTargetJson, 'host'> {
  readonly hosts: readonly string[];
}

export function groupsOf({ targets }: PlanJson): readonly PlanGroup[] {
  const groups = new Map<string, PlanGroup>();
  for (const { host, ...plan } of targets) {
    const key = canonicalJson(plan);
    const hosts = [...(groups.get(key)?.hosts ?? []), ...(host === null ? [] : [host])];
    groups.set(key, { ...plan, hosts });
  }
  const isBreaking = ({ changes }: PlanGroup) => changes.some(({ breaking }) => breaking);
  const all = [...groups.values()];
  return [...all.filter(isBreaking), ...all.filter((group) => !isBreaking(group))];
}

/** The digits of a plan's digest that people type to approve it. */
export function shortPlan(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 8);
}

/** Every change counts once for each host. */
export function allChanges({ targets }: PlanJson): readonly ChangeJson[] {
  return targets.flatMap(({ changes }) => changes);
}
