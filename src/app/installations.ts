import type { Logger, Probot } from 'probot';
import { z } from 'zod';
import { SallyportError } from '../model/errors.ts';
import type { AppSettings } from './settings.ts';
import type { AppRequest } from './redeliver.ts';
import type { GithubRequest } from './octokit/request.ts';
import { writeOf } from './octokit/write-of.ts';
import type { WriteQueue, WriteQueues } from './octokit/write-queue.ts';

/** GitHub as an installation of the App sees it. */
export interface Installation {
  readonly request: GithubRequest;
  /** An installation token that lives for some minutes more. */
  readonly token: () => Promise<string>;
  /** Where its writes wait for their turn; absent where one process writes little, as in a workflow. */
  readonly writes?: WriteQueue;
}

/** Which installation asked, as far as the throttling plugin passes it on. */
const Told = z.object({ request: z.object({ installation: z.int() }) });

const Token = z.object({ token: z.string().min(1) });

/** How many times a write that GitHub refused for its rate is sent again, after `Retry-After`. */
const maxRetries = 2;

/** A Probot that serves no port, whose Octokit leaves the pace of writes to the queues. */
export async function createProbot(
  settings: Pick<AppSettings, 'appId' | 'privateKey' | 'webhookSecret' | 'apiUrl'>,
  log: Logger,
  queues: WriteQueues,
): Promise<Probot> {
  // Half a second of imports, which `sallyport --help` must not pay for.
  const { Probot, ProbotOctokit } = await import('probot');
  const retryWhenTold = (after: number, options: unknown, _octokit: unknown, retries: number) => {
    const told = Told.safeParse(options);
    if (told.success) queues.of(told.data.request.installation).pause(after * 1_000);
    return retries < maxRetries;
  };
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
        // Writes wait in a queue of ours before they come here.
        write: atOnce,
        notifications: atOnce,
        onRateLimit: retryWhenTold,
        onSecondaryRateLimit: retryWhenTold,
      },
    })),
  });
  return probot.ready();
}

/** In the shape that Octokit's throttling plugin takes in place of its own limiters. */
const atOnce = {
  key: () => ({ schedule: <Found>(_options: unknown, task: () => Found) => task() }),
};

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

export async function openInstallation(
  probot: Probot,
  id: number,
  queues: WriteQueues,
): Promise<Installation> {
  const octokit = await probot.auth(id);
  const writes = queues.of(id);
  return {
    request: async (route, parameters) => {
      const options = {
        ...parameters,
        request: { ...(parameters['request'] as object | undefined), installation: id },
      };
      const write = writeOf(route, parameters);
      const send = async () => octokit.request(route, options);
      return write ? writes.run(write, send) : send();
    },
    writes,
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
