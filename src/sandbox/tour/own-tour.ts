import { SallyportError } from '../../model/errors.ts';
import { clearlyLaterMs, deploy, expectState, type TourWorld } from './sample-tour.ts';

/** Deploys the default branch of somebody's own repository, from an issue, and asks each service once. */
export async function tourOwn(world: TourWorld, urls: readonly string[]): Promise<void> {
  const { github, repository, login, environment, say, probe, clock, signal } = world;
  say.part('An issue');
  const issue = github.openIssue(repository, login, `Rehearsal of ${environment}`);
  say.fact(`${login} opened ${github.url}/${repository}/issues/${issue.number}`);
  await clock.sleep(clearlyLaterMs, signal);

  say.part('A comment deploys the default branch');
  expectState(await deploy(world, issue.number), 'success');
  for (const url of urls) {
    const { status, error } = await probe.get(url, 10_000);
    if (status === null) {
      throw new SallyportError({
        code: 'tour_failed',
        message: `${url} gave no answer: ${error}`,
        hint: 'Look at what the program wrote: sallyport logs',
      });
    }
    say.fact(`${url} answers with status ${status}`);
  }
}
