import { SallyportError } from '../../model/errors.ts';
import { clearlyLaterMs, deploy, type TourWorld } from './sample-tour.ts';

const whereToLook = 'Run it again with --keep, and look at the logs in the folder that it names.';

/** Deploys the default branch of somebody's own repository, from an issue, and asks each service once. */
export async function tourOwn(world: TourWorld, urls: readonly string[]): Promise<void> {
  const { github, repository, login, environment, say, probe, clock, signal } = world;
  say.part('An issue');
  const issue = github.openIssue(repository, login, `Rehearsal of ${environment}`);
  say.fact(`${login} opened ${github.url}/${repository}/issues/${issue.number}`);
  await clock.sleep(clearlyLaterMs, signal);

  say.part('A comment deploys the default branch');
  const ended = await deploy(world, issue.number);
  if (ended.state !== 'success') {
    throw new SallyportError({
      code: 'deployment_failed',
      message: `Deployment ${ended.deployment} of ${environment} ended as ${ended.state}: ${ended.description}`,
      hint: whereToLook,
    });
  }
  for (const url of urls) {
    const { status, error } = await probe.get(url, 10_000);
    if (status === null) {
      throw new SallyportError({
        code: 'tour_failed',
        message: `${url} gave no answer: ${error}`,
        hint: whereToLook,
      });
    }
    say.fact(`${url} answers with status ${status}`);
  }
}
