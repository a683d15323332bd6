import { SallyportError, exitCodes } from '../../model/errors.ts';

/** What of an Octokit is used: one method, so that any Octokit will do. */
export type GithubRequest = (
  route: string,
  parameters: Readonly<Record<string, unknown>>,
) => Promise<{ readonly data: unknown }>;

/** Asks GitHub about one repository. Rejects with a SallyportError, never with Octokit's own error. */
export type Ask = (
  route: string,
  parameters?: Readonly<Record<string, unknown>>,
) => Promise<unknown>;

export function askAbout(
  { owner, name }: { readonly owner: string; readonly name: string },
  request: GithubRequest,
): Ask {
  return async (route, parameters = {}) => {
    try {
      // What a route does not name would be sent as a query.
      const place = route.includes('/repos/{owner}/{repo}') ? { owner, repo: name } : {};
      const { data } = await request(route, { ...place, ...parameters });
      return data;
    } catch (error) {
      throw explain(error, route);
    }
  };
}

/** The answer, or `null` where GitHub has no such thing (404) or cannot make sense of its name (422). */
export async function orNull(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'github_not_found') return null;
    throw error;
  }
}

function explain(error: unknown, route: string): SallyportError {
  const status = statusOf(error);
  if (status === 404 || status === 409 || status === 422) {
    return new SallyportError({
      code: 'github_not_found',
      message: `GitHub answered ${status} to ${route}`,
      exit: exitCodes.notFound,
      cause: error,
    });
  }
  if (status === 401 || status === 403) {
    return new SallyportError({
      code: 'github_refused',
      message: `GitHub refused ${route} (${status})`,
      hint: 'Compare the permissions of the App and of its installation with app.yml.',
      cause: error,
    });
  }
  return new SallyportError({
    code: 'github_unreachable',
    message: `GitHub could not be asked: ${route}${status ? ` (${status})` : ''}`,
    hint: 'Type the command again in a minute.',
    next: 'retry',
    exit: exitCodes.unreachable,
    cause: error,
  });
}

function statusOf(error: unknown): number | null {
  const isAnswer = typeof error === 'object' && error !== null && 'status' in error;
  return isAnswer && typeof error.status === 'number' ? error.status : null;
}
