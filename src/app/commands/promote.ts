import type { PromoteCommand } from '../../command/command.ts';
import { givenOf } from '../../policy/resolve-params.ts';
import { begun } from '../begun.ts';
import { judgePlace } from '../commit-goal.ts';
import { fixCommit, type FixedCommit } from '../fix-commit.ts';
import { judgeRequest } from '../gate-facts.ts';
import { judgeChecksOf } from '../judge-checks.ts';
import { pullFlags } from '../pull-flags.ts';
import { promotedFrom } from '../promoted-from.ts';
import { rulesOf } from '../refuse.ts';
import { requestJob, requestOf, type Goal, type JobRequest } from '../request-job.ts';
import type { AppWorld } from '../world.ts';

type Promoted = FixedCommit &
  Required<Pick<Goal, 'carried'>> & {
    /** The pull request whose commit it is, as the first deployment has it. */
    readonly ofPull: string | undefined;
  };

/** `/promote <from> <to>`: exactly the commit and the parameters that completed newest in the first. */
export async function promote(request: JobRequest<PromoteCommand>, world: AppWorld): Promise<void> {
  const { command, event } = request;
  const { environment } = command;
  await requestJob<Promoted>(
    request,
    {
      async find(reading) {
        const { environments } = await reading;
        const { job } = promotedFrom(command, environments.get(command.from));
        const pull = event.isPull ? event.issue : null;
        const { defaultBranch } = world.repository;
        const named = { environment, ref: null, sha: job.sha, pull, defaultBranch, at: event.at };
        const fixed = await fixCommit(named, world.github);
        const provenance = fixed.provenance.then(({ gates, authors }) => ({
          gates,
          authors: [...new Set([...authors, ...job.authors])].slice(0, 99),
        }));
        const carried = givenOf(job.params);
        const { pull: flag } = job.flags;
        const ofPull = typeof flag === 'string' ? flag : undefined;
        return { ...fixed, ref: job.ref, provenance: begun(provenance), carried, ofPull };
      },
      judge: async (commit, policy, reading) => [
        await judgePlace(commit, environment, policy, world),
        ...judgeRequest(environment, requestOf(request, commit.sha), policy, reading),
        await judgeChecksOf(commit.sha, rulesOf(environment, policy, 'deploy'), world),
      ],
      marks: async ({ ofPull, sha }, policy) => {
        const isOpen = ofPull !== undefined && (await world.github.pull(Number(ofPull))).isOpen;
        const rules = rulesOf(environment, policy, 'promote');
        return pullFlags(isOpen ? ofPull : undefined, sha, rules, world);
      },
    },
    world,
  );
}
