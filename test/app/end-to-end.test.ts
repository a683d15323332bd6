import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { openGithubLedger } from '../../src/adapters/ledger/github/open-ledger.ts';
import { openStore } from '../../src/adapters/store/open-store.ts';
import { startApp, type RunningApp } from '../../src/app/server.ts';
import { jobDigest, verifyJob } from '../../src/deploy/job-codec.ts';
import { shortDigest, signRecord } from '../../src/deploy/record-codec.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import type { UnitRecord } from '../../src/model/record.ts';
import { generateSigningKey } from '../../src/model/keys.ts';
import type { Exchange, Faults } from '../../src/sandbox/github/hooks.ts';
import { startGithub } from '../../src/sandbox/github/server.ts';
import type { StandIn } from '../../src/sandbox/github/stand-in.ts';
import { config, hostKey } from './app-bench.ts';

const signingKey = generateSigningKey();
const webhookSecret = 'known to both sides';
const exchanges: Exchange[] = [];
const errors: string[] = [];
interface Call {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}
const calls: Call[] = [];
const started = new Map<number, number>();
let delayMs = 0;
/** Makes every call take so long that calls side by side can be told from calls in sequence. */
const slowness: Faults = {
  async beforeRequest({ sequence }) {
    started.set(sequence, performance.now());
    if (delayMs > 0) await systemClock.sleep(delayMs);
    return undefined;
  },
  afterHandler({ sequence, method, template }) {
    const start = started.get(sequence)!;
    calls.push({ name: `${method} ${template}`, start, end: performance.now() });
    return Promise.resolve(undefined);
  },
};
let standIn: StandIn;
let app: RunningApp;
let head = '';
let pull = 0;

beforeAll(async () => {
  // Pushes are an hour older than the comments that follow.
  let now = () => Date.now() - 3_600_000;
  standIn = await startGithub({
    now: () => now(),
    hooks: { observe: (exchange) => void exchanges.push(exchange), faults: slowness },
  });
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  standIn.createUser('mona');
  await standIn.createRepository({
    owner: 'acme',
    name: 'shop',
    files: { '.github/sallyport.yml': config },
  });
  standIn.collaborator('acme/shop', 'mona', 'write');
  head = await standIn.commit({
    repository: 'acme/shop',
    branch: 'feature',
    files: { 'server.js': '' },
    by: 'mona',
  });
  ({ number: pull } = await standIn.openPullRequest({
    repository: 'acme/shop',
    head: 'feature',
    by: 'mona',
  }));
  now = Date.now;
  const registered = standIn.registerApp({
    slug: 'sallyport',
    owner: 'acme',
    publicKeyPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    webhookUrl: null,
    webhookSecret,
    permissions: {
      metadata: 'read',
      actions: 'read',
      contents: 'read',
      issues: 'write',
      pull_requests: 'write',
      deployments: 'write',
    },
    events: ['issue_comment', 'push', 'deployment_status'],
  });
  standIn.install(registered, 'acme');
  app = await startApp({
    settings: {
      host: '127.0.0.1',
      port: 0,
      appId: registered.id,
      privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      webhookSecret,
      signingKey,
      apiUrl: `${standIn.url}/api/v3`,
      store: { kind: 'memory' },
    },
    clock: systemClock,
    log: {
      info() {},
      warn() {},
      error: (message, facts) => void errors.push(`${message} ${facts?.['error']}`),
    },
    openLedger: ({ apiUrl, owner, name, token }) =>
      openGithubLedger({ apiUrl, token, repository: `${owner}/${name}`, clock: systemClock }),
    openStore,
  });
  registered.webhookUrl = `${app.url}/api/github/webhooks`;
});
afterAll(async () => {
  await app.close();
  await standIn.close();
});

/** How many calls had to wait for the end of another one, at the most. */
function inSequence(all: readonly Call[]): number {
  let [depth, end] = [0, 0];
  for (const call of all.toSorted((a, b) => a.end - b.end)) {
    if (call.start < end) continue;
    depth += 1;
    end = call.end;
  }
  return depth;
}

const repository = () => standIn.repository('acme/shop');
const answers = () => repository().comments.filter(({ app: by }) => by !== null);

test('a comment becomes a signed and bound deployment, and an answer', async () => {
  exchanges.length = 0;
  standIn.comment('acme/shop', pull, 'mona', '/deploy production');
  await standIn.waitForDeliveries();
  await app.settled();
  expect(errors).toEqual([]);

  const [deployment] = repository().deployments;
  expect(deployment).toMatchObject({ task: 'sallyport', sha: head });
  const ledger = openGithubLedger({
    apiUrl: `${standIn.url}/api/v3`,
    token: () => standIn.tokenFor('acme'),
    repository: 'acme/shop',
    clock: systemClock,
  });
  const [entry] = (await ledger.jobs()).jobs;
  expect(await verifyJob(entry!.token, signingKey.public)).toMatchObject({
    sha: head,
    environment: 'production',
    repository: repository().id,
  });
  const reader = new LedgerReader(ledger, {
    repository: repository().id,
    app: [{ key: signingKey.public, environments: 'all' }],
  });
  const view = (await reader.refresh()).environments.get('production')!;
  expect(view.running).toMatchObject({ bound: true, deployment: deployment!.id });

  expect(answers()).toHaveLength(1);
  expect(answers()[0]!.body).toContain(`deployment=${deployment!.id}`);
});

test('what a host writes stands in the answer', async () => {
  const ledger = openGithubLedger({
    apiUrl: `${standIn.url}/api/v3`,
    token: () => standIn.tokenForAgent('acme/shop', { deployments: 'write' }),
    repository: 'acme/shop',
    clock: systemClock,
  });
  const [{ deployment, token } = { deployment: 0, token: '' }] = (await ledger.jobs()).jobs;
  const write = async (state: 'applying' | 'done', shown: 'in_progress' | 'success') => {
    const record: UnitRecord = {
      kind: 'unit',
      job: shortDigest(jobDigest(token)),
      state,
      target: 0,
      host: 0,
      attempt: 1,
      plan: null,
      reason: 'none',
      at: Date.now(),
    };
    const signed = { deployment, token: signRecord(record, hostKey), environment: 'production' };
    await ledger.append({ ...signed, state: shown, description: `web-1 ${state}` });
    await standIn.waitForDeliveries();
    await app.settled();
  };
  await write('applying', 'in_progress');
  expect(answers()[0]!.body).toContain('deploy to `production`: **applying**');
  await write('done', 'success');
  expect(answers()[0]!.body).toContain('deploy to `production`: **completed**');
  expect(answers()).toHaveLength(1);
  expect(errors).toEqual([]);
});

test('with a token at hand, six calls in sequence lead from the comment to the bound job', async () => {
  calls.length = 0;
  delayMs = 150;
  standIn.comment('acme/shop', pull, 'mona', '/deploy staging');
  await standIn.waitForDeliveries();
  await app.settled();
  delayMs = 0;
  const bound = calls.findIndex(
    ({ name }) => name.startsWith('POST') && name.endsWith('/statuses'),
  );
  expect(inSequence(calls.slice(0, bound + 1))).toBeLessThanOrEqual(6);
});

test('a comment without a command causes no request', async () => {
  exchanges.length = 0;
  standIn.comment('acme/shop', pull, 'mona', 'Nice work.');
  await standIn.waitForDeliveries();
  await app.settled();
  expect(exchanges).toEqual([]);
});

test('a misspelt command is answered', async () => {
  standIn.comment('acme/shop', pull, 'mona', '/depoly production');
  await standIn.waitForDeliveries();
  await app.settled();
  expect(answers().at(-1)!.body).toContain('Did you mean');
});

test('a push to the branch that triggers becomes a deployment', async () => {
  const sha = await standIn.commit({ repository: 'acme/shop', files: { a: 'b' }, by: 'mona' });
  await standIn.waitForDeliveries();
  await app.settled();
  expect(errors).toEqual([]);
  expect(repository().deployments.at(-1)).toMatchObject({ sha, environment: 'staging' });
});

test('a webhook with another secret is refused', async () => {
  const answer = await fetch(`${app.url}/api/github/webhooks`, {
    method: 'POST',
    body: '{}',
    headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
  });
  expect(answer.status).toBe(401);
});
