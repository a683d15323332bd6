import { picturesNow } from '../../deploy/pictures-now.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import { statusComment } from '../../report/answer-markdown.ts';
import { statusJson } from '../../report/status-json.ts';
import type { Answer } from '../answer.ts';
import { newestReleases } from '../releases.ts';
import type { AppWorld } from '../world.ts';

/** Each costs calls, and more of them are in `sallyport releases`. */
const shownReleases = 5;

/** `/status [env]`: from the ledger, which knows commits and hosts but not what a host sees right now. */
export async function status(
  environment: string | null,
  answer: Answer,
  world: Pick<AppWorld, 'reader' | 'github'>,
): Promise<void> {
  const { environments, now } = await world.reader.refresh();
  const views = [...environments.values()].filter(
    ({ name }) => environment === null || name === environment,
  );
  if (views.length === 0) {
    throw new SallyportError({
      code: 'nothing_deployed',
      message: environment
        ? `Nothing was deployed to ${environment} yet`
        : 'Nothing was deployed from this repository yet',
      hint: environment ? `/deploy ${environment}` : '/help',
      exit: exitCodes.notFound,
    });
  }
  const seen = views.map((view) => {
    const hosts = picturesNow(view, environments.values(), now);
    return { view, seen: [], hosts, at: now };
  });
  // What is live stays worth telling where GitHub does not tell of tags.
  const releases = await newestReleases(shownReleases, environments.values(), world).catch(
    () => [],
  );
  await answer.write(statusComment(statusJson(seen).environments, releases));
}
