import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { addToken } from '../../src/sandbox/github/acts/accounts.ts';
import type { StandIn } from '../../src/sandbox/github/stand-in.ts';
import type { Permissions } from '../../src/sandbox/github/state/types.ts';
import { mona, repository } from '../support/acceptance/names.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { runBundle, type BundleRun } from './run-bundle.ts';

const Example = z.object({
  jobs: z.record(
    z.string(),
    z.object({ permissions: z.record(z.string(), z.enum(['read', 'write'])) }),
  ),
});

/** What a workflow's token may do, as an example asks for it. */
function permissionsIn(example: string): Permissions {
  const text = readFileSync(`.github/examples/${example}`, 'utf8');
  const [job] = Object.values(Example.parse(parse(text)).jobs);
  const named = Object.entries(job!.permissions).map(([name, level]) => [
    name.replaceAll('-', '_'),
    level,
  ]);
  return { metadata: 'read', ...Object.fromEntries(named) } as Permissions;
}

type Asked = Readonly<{
  inputs: Readonly<Record<string, string>>;
  env?: Readonly<Record<string, string>>;
  event?: unknown;
}>;

/** A repository with an agent whose workflows hold the signing key; nobody runs the App. */
interface Workflows {
  readonly place: ReturnType<ReturnType<typeof usePlace>>;
  /** A step of a workflow, with the workflow's token and the key. */
  readonly step: (asked: Asked) => Promise<BundleRun>;
  /** What every run of `chatops` wrote, and its exit code. */
  readonly runs: readonly BundleRun[];
  /** Waits until no run of `chatops` is under way, nor about to be. */
  readonly settled: () => Promise<void>;
}

/** While a test file runs, every event of the repository starts a workflow that hands it to `chatops`. */
export function useWorkflows(): () => Workflows {
  const place = usePlace();
  const runs: BundleRun[] = [];
  const underWay = new Set<Promise<unknown>>();
  const runner = createServer((request, response) => {
    response.writeHead(202).end();
    const run = runChatops(request).then((ended) => runs.push(ended));
    underWay.add(run);
    void run.finally(() => underWay.delete(run));
  });

  let [token, jobToken] = ['', ''];
  beforeAll(async () => {
    await place().app.end('SIGTERM');
    const { standIn } = place().github;
    for (const app of standIn.world.state.apps) app.webhookUrl = null;
    runner.listen(0, '127.0.0.1');
    await once(runner, 'listening');
    const { port } = runner.address() as AddressInfo;
    const app = standIn.registerApp({
      slug: 'github-actions',
      owner: 'acme',
      publicKeyPem: rsaPublicKey(),
      webhookUrl: `http://127.0.0.1:${port}`,
      webhookSecret: 'workflows need none',
      permissions: permissionsIn('chatops.yml'),
      events: ['issue_comment', 'push'],
    });
    const installation = standIn.install(app, 'acme');
    const give = (example: string) =>
      addToken(standIn.world, {
        user: app.bot,
        installation,
        permissions: permissionsIn(example),
      });
    [token, jobToken] = [give('chatops.yml'), give('deploy-on-tag.yml')];
  }, 60_000);
  afterAll(() => void runner.close());

  async function runChatops(request: IncomingMessage): Promise<BundleRun> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { installation: _, ...event } = JSON.parse(body) as Record<string, unknown>;
    const name = String(request.headers['x-github-event']);
    return step({
      inputs: { mode: 'chatops', wait: 'true', timeout: '2m' },
      env: { GITHUB_EVENT_NAME: name },
      event,
    });
  }

  function step({ inputs, env, event }: Asked): Promise<BundleRun> {
    const { github, signingKey } = place();
    const { standIn } = github;
    const { id } = standIn.repository(repository);
    return runBundle({
      inputs: {
        token: inputs['mode'] === 'chatops' ? token : jobToken,
        'signing-key': readFileSync(signingKey, 'utf8'),
        ...inputs,
      },
      env: {
        GITHUB_API_URL: `${standIn.url}/api/v3`,
        GITHUB_SERVER_URL: standIn.url,
        GITHUB_REPOSITORY_ID: String(id),
        GITHUB_ACTOR_ID: String(standIn.createUser(mona).id),
        ...env,
      },
      event,
    });
  }

  async function settled(): Promise<void> {
    await place().talk.settled();
    while (underWay.size > 0) {
      await Promise.all(underWay);
      await place().talk.settled();
    }
  }

  return () => ({ place: place(), step, runs, settled });
}

/** GitHub lets only Apps write check runs, where a plan is shown: a host's token may be one's. */
export function letAgentShowPlans({ world, ...standIn }: StandIn): void {
  const { tokens } = world.state;
  const [text, token] = [...tokens].find(([key]) => key.startsWith('github_pat_'))!;
  const app = standIn.registerApp({
    slug: 'hosts',
    owner: 'acme',
    publicKeyPem: rsaPublicKey(),
    webhookUrl: null,
    webhookSecret: 'no webhooks',
    permissions: { ...token.permissions, checks: 'write' },
    events: [],
  });
  const installation = standIn.install(app, 'acme');
  tokens.set(text, { ...token, user: app.bot, installation, permissions: app.permissions });
}

function rsaPublicKey(): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}
