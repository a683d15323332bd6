import { SallyportError } from '../../model/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StandIn } from '../github/stand-in.ts';

/** How a deployment ended, as GitHub shows it. */
export interface Ended {
  readonly deployment: number;
  readonly state: string;
  readonly description: string;
}

const endStates = ['success', 'failure', 'error', 'inactive'];
const patienceMs = 30_000;

/** The newest deployment of Sallyport's; 0 where there is none yet. */
export function newestDeployment(github: StandIn, repository: string): number {
  return Math.max(0, ...deploymentsOf(github, repository).map(({ id }) => id));
}

/**
 * Waits until a deployment that is newer than `after` has ended. Rejects with `no_deployment` and
 * what Sallyport answered to the comment, where it refuses, or none appears within half a minute.
 */
export async function deploymentEnds(
  github: StandIn,
  repository: string,
  { after, comment }: { readonly after: number; readonly comment: number },
  clock: Clock,
  signal: AbortSignal,
): Promise<Ended> {
  const began = clock.now();
  for (;;) {
    const deployment = deploymentsOf(github, repository).find(({ id }) => id > after);
    const last = deployment?.statuses.at(-1);
    if (deployment && last && endStates.includes(last.state)) {
      return { deployment: deployment.id, state: last.state, description: last.description };
    }
    const answer = answerTo(comment, github, repository);
    const isRefused = answer?.includes('🚫') === true;
    if (!deployment && (isRefused || clock.now() - began > patienceMs)) throw noDeployment(answer);
    await clock.sleep(50, signal);
  }
}

function deploymentsOf(github: StandIn, repository: string) {
  return github.repository(repository).deployments.filter(({ task }) => task === 'sallyport');
}

/** What the App said last after a comment. */
function answerTo(comment: number, github: StandIn, repository: string): string | undefined {
  return github
    .repository(repository)
    .comments.findLast(({ id, author }) => id > comment && author.type === 'Bot')?.body;
}

function noDeployment(answer: string | undefined): SallyportError {
  return new SallyportError({
    code: 'no_deployment',
    message: answer
      ? `The App answered: ${withoutMarkdown(answer)}`
      : 'Half a minute after the comment there is no deployment and no answer.',
    hint: answer
      ? undefined
      : 'sallyport try --keep, then look at the logs in the folder that it names',
  });
}

/** Markdown as a line for a terminal. */
function withoutMarkdown(text: string): string {
  return text
    .replaceAll(/<!--.*?-->|^#+ |\*\*/gmsu, '')
    .replaceAll(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/\s+/gu, ' ')
    .trim();
}
