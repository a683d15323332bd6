import { SallyportError, exitCodes } from '../model/errors.ts';
import { changesTargets, type Job } from '../model/job.ts';
import type { EnvironmentView } from './fold-environment.ts';
import type { SwitchGoal } from './find-switch.ts';

/**
 * Throws where a host that a switch is for never took part in what it goes to, since it joined later:
 * it would fail there, and all that had moved would move back. One that was left out while it was down
 * is let through: the rollout leaves it out again, or it says itself what it lacks.
 */
export function refuseMissing(
  { view: { job }, isStaged }: Pick<SwitchGoal, 'view' | 'isStaged'>,
  { name, deployments }: Pick<EnvironmentView, 'name' | 'deployments'>,
  targets: readonly Pick<Job['targets'][number], 'name' | 'hosts'>[],
): void {
  const short = job.sha.slice(0, 7);
  const same = deployments.filter(
    (each) => each.job.sha === job.sha && changesTargets(each.job.operation),
  );
  const missing = targets.flatMap((target) =>
    target.hosts.flatMap((host) => {
      const had = same.some(({ units, skipped }) =>
        units.some(
          (unit) =>
            unit.target === target.name &&
            unit.host === host &&
            (unit.state === 'done' || skipped.includes(host)),
        ),
      );
      return had ? [] : [`${target.name} on ${host}`];
    }),
  );
  if (missing.length === 0) return;
  const what = isStaged ? 'was staged' : 'ran';
  throw new SallyportError({
    code: 'not_on_all_hosts',
    message: `${short} never ${what} for ${missing.join(', ')}, so no traffic was moved anywhere`,
    // What has it already is left as it is.
    hint: isStaged
      ? `\`/deploy ${name} @${short} --stage\`, then \`/switch ${name}\``
      : `\`/rollback ${name} @${short}\`, which builds it where it is missing`,
    exit: exitCodes.refused,
  });
}
