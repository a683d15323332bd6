import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { openGithubLedger } from '../../src/adapters/ledger/github/open-ledger.ts';
import { openStore } from '../../src/adapters/store/open-store.ts';
import { startApp, type RunningApp } from '../../src/app/server.ts';
import { jobDigest } from '../../src/deploy/job-codec.ts';
import { shortDigest, signRecord } from '../../src/deploy/record-codec.ts';
import type { UnitRecord } from '../../src/model/record.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { generateSigningKey } from '../../src/model/keys.ts';
import { planCheckName, planCheckText } from '../../src/report/plan-check.ts';
import { addCheckRun, addCommitStatus } from '../../src/sandbox/github/acts/checks.ts';
import { startGithub } from '../../src/sandbox/github/server.ts';
import type { StandIn } from '../../src/sandbox/github/stand-in.ts';
import { appEvents, appPermissions } from '../../src/sandbox/tour/app-registration.ts';
import { recordTraffic } from '../support/github-traffic.ts';
import { config, hostKey } from './app-bench.ts';
import { webPlan } from './people-bench.ts';

const begun = systemClock.now();
const hurried: Clock = {
  now: () => begun + 20 * (systemClock.now() - begun),
  random: () => systemClock.random(),
  sleep: (ms, signal) => systemClock.sleep(ms / 20, signal),
};
const webhookSecret = 'known to both sides';
const traffic = recordTraffic();
const errors: string[] = [];
let standIn: StandIn;
let app: RunningApp;
let pull = 0;

beforeAll(async () => {
  // Pushes are an hour older than the comments that follow.
  let now = () => Date.now() - 3_600_000;
  standIn = await startGithub({ now: () => now(), hooks: traffic.hooks });
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  for (const login of ['mona', 'ada']) standIn.createUser(login);
  const policy = config.replace(
    'targets: [web] }',
    'targets: [web], require: { approvals: 1, approvers: ["@acme/ops"], checks: required } }',
  );
  await standIn.createRepository({
    owner: 'acme',
    name: 'shop',
    files: { '.github/sallyport.yml': policy },
  });
  standIn.createTeam('acme', 'ops', ['ada']);
  for (const login of ['mona', 'ada']) standIn.collaborator('acme/shop', login, 'write');
  standIn.requireChecks('acme/shop', 'main', ['build']);
  const files = { 'server.js': '' };
  await standIn.commit({ repository: 'acme/shop', branch: 'feature', files, by: 'mona' });
  const draft = { repository: 'acme/shop', head: 'feature', by: 'mona' };
  ({ number: pull } = await standIn.openPullRequest(draft));
  now = Date.now;
  const registered = standIn.registerApp({
    slug: 'sallyport',
    owner: 'acme',
    publicKeyPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    webhookUrl: null,
    webhookSecret,
    permissions: appPermissions,
    events: appEvents,
  });
  standIn.install(registered, 'acme');
  app = await startApp({
    settings: {
      host: '127.0.0.1',
      port: 0,
      appId: registered.id,
      privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      webhookSecret,
      signingKey: generateSigningKey(),
      apiUrl: `${standIn.url}/api/v3`,
      store: { kind: 'memory' },
    },
    // The App writes once a second after a burst; nobody here wants to wait for that.
    clock: hurried,
    log: {
      info() {},
      warn: (message, facts) => void errors.push(`${message} ${JSON.stringify(facts)}`),
      error: (message, facts) => void errors.push(`${message} ${JSON.stringify(facts)}`),
    },
    openLedger: ({ apiUrl, owner, name, token }) =>
      openGithubLedger({ apiUrl, token, repository: `${owner}/${name}`, clock: hurried }),
    openStore,
  });
  registered.webhookUrl = `${app.url}/api/github/webhooks`;
});
afterAll(async () => {
  await app.close();
  await standIn.close();
});

const repository = () => standIn.repository('acme/shop');
const answers = () => repository().comments.filter(({ app: by }) => by !== null);

async function type(login: string, body: string): Promise<string> {
  standIn.comment('acme/shop', pull, login, body);
  await standIn.waitForDeliveries();
  await app.settled();
  return answers().at(-1)!.body;
}

/** The host says that it planned its newest job, and leaves the plan where the App looks for it. */
async function plan(): Promise<void> {
  const ledger = openGithubLedger({
    apiUrl: `${standIn.url}/api/v3`,
    token: () => standIn.tokenForAgent('acme/shop', { deployments: 'write' }),
    repository: 'acme/shop',
    clock: systemClock,
  });
  const [{ deployment, token } = { deployment: 0, token: '' }] = (await ledger.jobs()).jobs;
  const { sha } = repository().deployments.find(({ id }) => id === deployment)!;
  addCheckRun(standIn.world, repository(), standIn.world.state.apps[0]!, {
    name: planCheckName('production', webPlan),
    sha,
    detailsUrl: null,
    externalId: webPlan.digest,
    status: 'completed',
    conclusion: 'neutral',
    startedAt: Date.now(),
    completedAt: Date.now(),
    output: { title: 'plan', summary: 'plan', text: planCheckText(webPlan) },
  });
  const record: UnitRecord = {
    kind: 'unit',
    job: shortDigest(jobDigest(token)),
    state: 'planned',
    target: 0,
    host: 0,
    attempt: 1,
    plan: shortDigest(webPlan.digest),
    reason: 'awaiting_approval',
    at: Date.now(),
  };
  const signed = { deployment, token: signRecord(record, hostKey), environment: 'production' };
  await ledger.append({ ...signed, state: 'pending', description: 'web-1 planned: web, 1 change' });
  await standIn.waitForDeliveries();
  await app.settled();
}

test('from a plan to an approval, through GitHub as it describes itself', async () => {
  await type('mona', '/plan production');
  await plan();
  expect(answers()[0]!.body).toContain('plan for `production`: **completed**');
  expect(answers()[0]!.body).toContain('+ Layer/parks');

  expect(await type('mona', '/deploy production')).toContain('Have not run on this commit: build');
  const { sha } = repository().deployments[0]!;
  addCommitStatus(standIn.world, repository(), {
    sha,
    creator: repository().owner,
    state: 'success',
    context: 'build',
    description: null,
    targetUrl: null,
  });
  await type('mona', '/deploy production');
  await plan();
  const asking = answers().at(-1)!;
  expect(asking.body).toContain('**awaiting-approval**');
  const [approve = ''] = /\/approve production [0-9a-f]{8}/.exec(asking.body) ?? [];

  expect(await type('mona', approve)).toContain('is an author of this change');
  expect(await type('ada', approve)).toContain('is approved; it goes on');
  expect(asking.body).toContain('1 of 1 person has approved plan');

  expect(await type('ada', '/reject production too late')).toContain('is rejected');
  expect(asking.body).toContain('rejected by ada: too late');
  expect(errors).toEqual([]);
  traffic.expectNoViolations();
}, 60_000);
