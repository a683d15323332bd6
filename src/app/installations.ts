import type { Logger, Probot } from 'probot';
import { z } from 'zod';
import { SallyportError } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { AppSettings } from './settings.ts';
import { BurstLimiter } from './octokit/burst-limiter.ts';
import type { AppRequest } from './redeliver.ts';
import type { GithubRequest } from './octokit/request.ts';

/** GitHub as an installation of the App sees it. */
export interface Installation {
  readonly request: GithubRequest;
  /** An installation token that lives for some minutes more. */
  readonly token: () => Promise<string>;
}

const Token = z.object({ token: z.string().min(1) });

/** How many times a write that GitHub refused for its rate is sent again, after `Retry-After`. */
const maxRetries = 2;

/** A Probot that serves no port, whose Octokit writes in short bursts. */
export async function createProbot(
  settings: Pick<AppSettings, 'appId' | 'privateKey' | 'webhookSecret' | 'apiUrl'>,
  clock: Clock,
  log: Logger,
): Promise<Probot> {
  // Half a second of imports, which `sallyport --help` must not pay for.
  const { Probot, ProbotOctokit } = await import('probot');
  const write = new BurstLimiter({ burst: 8, everyMs: 1000 }, clock);
  const notifications = new BurstLimiter({ burst: 6, everyMs: 1000 }, clock);
  const retryWhenTold = (_after: number, _options: unknown, _octokit: unknown, retries: number) =>
    retries < maxRetries;
  const probot = new Probot({
    appId: settings.appId,
    privateKey: settings.privateKey,
    secret: settings.webhookSecret,
    baseUrl: settings.apiUrl,
    log,
    Octokit: ProbotOctokit.defaults((options: Record<string, unknown>) => ({
      ...options,
      auth: atApi(options['auth'], settings.apiUrl),
      throttle: {
        ...(options['throttle'] as object | undefined),
        write,
        notifications,
        onRateLimit: retryWhenTold,
        onSecondaryRateLimit: retryWhenTold,
      },
    })),
  });
  return probot.ready();
}

interface WithRequest {
  readonly request: { defaults(options: { readonly baseUrl: string }): unknown };
}

/** Probot hands its `baseUrl` to Octokit but not to what fetches tokens, which asks api.github.com. */
function atApi(auth: unknown, baseUrl: string): unknown {
  const isWithRequest = typeof auth === 'object' && auth !== null && 'request' in auth;
  if (!isWithRequest) return auth;
  const { request } = auth as WithRequest;
  return { ...auth, request: request.defaults({ baseUrl }) };
}

/** GitHub as the App itself sees it, with its JWT; a try that fails is not repeated. */
export function openApp(probot: Probot): AppRequest {
  return async (route, parameters) => {
    const octokit = await probot.auth();
    return octokit.request(route, { ...parameters, request: { retries: 0 } });
  };
}

export async function openInstallation(probot: Probot, id: number): Promise<Installation> {
  const octokit = await probot.auth(id);
  return {
    request: async (route, parameters) => octokit.request(route, { ...parameters }),
    token: async () => {
      const answer = Token.safeParse(await octokit.auth({ type: 'installation' }));
      if (answer.success) return answer.data.token;
      throw new SallyportError({
        code: 'github_refused',
        message: `GitHub gave no token for installation ${id}`,
        hint: 'Look whether the App is still installed on the repository.',
      });
    },
  };
}
