import type { LoggedJob } from '../../src/deploy/admit.ts';
import type { UnitView } from '../../src/deploy/fold-deployment.ts';
import type { EnvironmentView } from '../../src/deploy/fold-environment.ts';
import { batchesOf } from '../../src/deploy/rollout.ts';
import type { Job, Rollout } from '../../src/model/job.ts';
import { generateSigningKey } from '../../src/model/keys.ts';
import { jobOf, loggedJob } from './jobs.ts';

export { recorder } from './jobs.ts';

/** Nobody signs with it: these logs are admitted already. */
const key = generateSigningKey().public.text;

/** A job for hosts h1, h2, …; one target a wave, on all of them. Without `rollout`: none in the job. */
export function rolloutJob({
  hosts,
  rollout,
  waves = [0],
  on_failure = 'rollback',
}: {
  readonly hosts: number;
  readonly rollout?: Partial<Rollout>;
  readonly waves?: readonly number[];
  readonly on_failure?: Job['on_failure'];
}): Promise<LoggedJob> {
  const names = Array.from({ length: hosts }, (_, index) => `h${index + 1}`);
  const job = jobOf('comment:1:1:0', null, {
    targets: waves.map((wave, index) => ({
      name: `t${index}`,
      kind: 'service',
      wave,
      hosts: names,
    })),
    roster: names.map((name) => ({ name, key })),
    on_failure,
    ...(rollout && {
      rollout: {
        canary: 0,
        batch: 1,
        pause: 0,
        max_unavailable: rollout.batch ?? 1,
        down: 'wait',
        ...rollout,
      },
    }),
  });
  return loggedJob(1, job);
}

/** Every unit of the deployment that runs, in the order in which they go. */
export function unitsOf({ running }: EnvironmentView): readonly UnitView[] {
  return batchesOf(running!).flatMap(({ wave, hosts }) =>
    hosts.flatMap((host) =>
      running!.units.filter((unit) => unit.wave === wave && unit.host === host),
    ),
  );
}
