import type { SwitchCommand } from '../../command/command.ts';
import { findSwitch, type SwitchGoal } from '../../deploy/find-switch.ts';
import { refuseMissing } from '../../deploy/refuse-missing.ts';
import { flagsOfSwitch, gateOfSwitch, requestOfSwitch } from '../../deploy/switch-job.ts';
import { givenOf } from '../../policy/resolve-params.ts';
import { judgeRequest } from '../gate-facts.ts';
import { pullFlags } from '../pull-flags.ts';
import { rulesOf } from '../refuse.ts';
import { requestJob, requestOf, type Goal, type JobRequest } from '../request-job.ts';
import type { AppWorld } from '../world.ts';

type Found = Goal & { readonly goal: SwitchGoal };

/**
 * `/switch <env> [target] [to]`: the traffic moves to what is staged, or back to what completed there.
 * Nothing is built, and what was approved when it was staged is not asked again.
 */
export async function switchTraffic(
  request: JobRequest<SwitchCommand>,
  world: AppWorld,
): Promise<void> {
  const { environment, target, sha, ref } = request.command;
  await requestJob<Found>(
    request,
    {
      async find(reading) {
        const { environments } = await reading;
        const asked = { target, to: sha ?? ref };
        const goal = findSwitch(environment, environments.get(environment), asked, {
          nothing: `/deploy ${environment} --stage`,
          other: `/switch ${environment} TARGET @SHA, with a commit that is staged or completed there`,
        });
        const { job } = goal.view;
        const provenance = Promise.resolve({ gates: [], authors: job.authors });
        const carried = givenOf(job.params);
        return { sha: job.sha, ref: job.ref, provenance, carried, among: goal.targets, goal };
      },
      judge: ({ goal, sha: commit }, policy, reading) => {
        const asked = { ...requestOf(request, commit), ...requestOfSwitch(goal) };
        const early = judgeRequest(environment, asked, policy, reading);
        return Promise.resolve([gateOfSwitch(goal, environment), ...early]);
      },
      suits: ({ goal }, { targets }, { environments }) => {
        const view = environments.get(environment);
        if (view) refuseMissing(goal, view, targets);
      },
      marks: async ({ goal, sha: commit }, policy) => {
        const { pull } = goal.view.job.flags;
        const isOpen =
          goal.isStaged &&
          typeof pull === 'string' &&
          (await world.github.pull(Number(pull))).isOpen;
        const rules = rulesOf(environment, policy, 'switch');
        const kept = await pullFlags(isOpen ? pull : undefined, commit, rules, world);
        return { ...flagsOfSwitch(goal), ...kept };
      },
    },
    world,
  );
}
