import { systemClock } from '../../../src/adapters/clock/system.ts';
import { openGithubLedger } from '../../../src/adapters/ledger/github/open-ledger.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Ledger } from '../../../src/ports/ledger.ts';
import type { Answer, Intervention, RequestContext } from '../../../src/sandbox/github/hooks.ts';
import { startGithub } from '../../../src/sandbox/github/server.ts';
import type { LedgerPlace } from '../../contract/ledger.ts';

/** A clock that does not wait. */
const hastyClock: Clock = {
  ...systemClock,
  sleep: async (_ms, signal) => signal?.throwIfAborted(),
};

export interface GithubPlace extends LedgerPlace {
  readonly repository: string;
  readonly sha: string;
  /** What was asked, as `POST /repos/{owner}/{repo}/deployments 201`, oldest first. */
  readonly exchanges: string[];
  readonly connect: (token?: () => string) => Ledger;
}

/** The stand-in GitHub, and repositories in it that a ledger may use. */
export async function startGithubPlaces() {
  let asked: ((context: RequestContext) => Intervention | undefined) | undefined;
  let acted: ((context: RequestContext, answer: Answer) => Intervention | undefined) | undefined;
  const exchanges: string[] = [];
  const github = await startGithub({
    hooks: {
      observe: ({ method, template, status }) => exchanges.push(`${method} ${template} ${status}`),
      faults: {
        beforeRequest: async (context) => asked?.(context),
        afterHandler: async (context, answer) => acted?.(context, answer),
      },
    },
  });
  let places = 0;
  return {
    github,
    /** Looks at every request before it is handled, and may answer in its place. */
    onRequest: (act: typeof asked) => {
      asked = act;
    },
    /** Looks at every answer, whose effect has happened, and may replace it. */
    onAnswer: (act: typeof acted) => {
      acted = act;
    },
    makePlace: async (): Promise<GithubPlace> => {
      places += 1;
      const repository = `acme/shop-${places}`;
      await github.createRepository({ owner: 'acme', name: `shop-${places}`, files: { a: 'b' } });
      const { refs } = github.repository(repository);
      const token = github.tokenForAgent(repository, { deployments: 'write', metadata: 'read' });
      exchanges.length = 0;
      return {
        repository,
        sha: refs.get('refs/heads/main')!,
        exchanges,
        connect: (ask = () => token) =>
          openGithubLedger({
            apiUrl: `${github.url}/api/v3`,
            repository,
            token: ask,
            clock: hastyClock,
            timeoutMs: 3000,
          }),
        loseNextAnswer: () => {
          acted = ({ method }) => {
            if (method !== 'POST') return undefined;
            acted = undefined;
            return { kind: 'cut' };
          };
        },
        remove: async () => {
          asked = undefined;
          acted = undefined;
        },
      };
    },
    close: () => github.close(),
  };
}
