import { generateKeyPairSync } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import { SignJWT, importPKCS8 } from 'jose';
import { afterEach } from 'vitest';
import type { Exchange, Faults } from '../../../src/sandbox/github/hooks.ts';
import { startGithub } from '../../../src/sandbox/github/server.ts';
import type { StandIn } from '../../../src/sandbox/github/stand-in.ts';
import type { App, Installation, Permissions } from '../../../src/sandbox/github/state/types.ts';
import { recordTraffic } from '../../support/github-traffic.ts';

export interface Lab {
  readonly github: StandIn;
  readonly exchanges: readonly Exchange[];
  readonly time: { now: number };
  /** A client with a person's classic token; made as an account when it is new. */
  person(login: string): Octokit;
  client(token: string): Octokit;
}

const running: { readonly github: StandIn; readonly judge: () => void }[] = [];

afterEach(async () => {
  const ended = running.splice(0);
  await Promise.all(ended.map(({ github }) => github.close()));
  for (const { judge } of ended) judge();
});

/**
 * A stand-in with the repository acme/shop and a clock that stands still. At the
 * test's end all traffic is held against GitHub's own description, unless `lawful`
 * is false because the test itself asks for what GitHub forbids.
 */
export async function startLab(
  options: { faults?: Faults; rateLimit?: number; public?: boolean; lawful?: boolean } = {},
): Promise<Lab> {
  const traffic = recordTraffic();
  const time = { now: Date.parse('2026-03-01T12:00:00.400Z') };
  const github = await startGithub({
    now: () => time.now,
    ...(options.rateLimit === undefined ? {} : { rateLimit: options.rateLimit }),
    hooks: { ...traffic.hooks, ...(options.faults ? { faults: options.faults } : {}) },
  });
  const judge = (): void => {
    if (options.lawful !== false) traffic.expectNoViolations();
  };
  running.push({ github, judge });
  await github.createRepository({ owner: 'acme', name: 'shop', public: options.public ?? false });
  const client = (auth: string): Octokit =>
    new Octokit({ auth, baseUrl: `${github.url}/api/v3`, log: silent });
  const person = (login: string): Octokit => {
    github.createUser(login);
    return client(github.tokenFor(login));
  };
  return { github, exchanges: traffic.exchanges, time, person, client };
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** The owner and repository of every lab, as Octokit's methods take them. */
export const shop = { owner: 'acme', repo: 'shop' };

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const privateKeyPem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicKeyPem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const allEvents = [
  'check_run',
  'create',
  'delete',
  'deployment',
  'deployment_status',
  'issue_comment',
  'pull_request',
  'push',
];

/** An App on acme/shop. */
export function installApp(
  { github }: Lab,
  more: { permissions?: Permissions; webhookUrl?: string | null; events?: readonly string[] } = {},
): { readonly app: App; readonly installation: Installation } {
  const app = github.registerApp({
    appId: 77,
    slug: 'sallyport',
    owner: 'acme',
    publicKeyPem,
    webhookUrl: more.webhookUrl ?? null,
    webhookSecret: 'hush',
    permissions: more.permissions ?? { contents: 'read', issues: 'write', deployments: 'write' },
    events: more.events ?? allEvents,
  });
  return { app, installation: github.install(app, 'acme') };
}

/** A JWT as an App makes it; `times` are seconds from the lab's now. */
export async function jwt(
  lab: Lab,
  times: { iat?: number; exp?: number } = {},
  issuer = '77',
): Promise<string> {
  const now = Math.floor(lab.time.now / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(issuer)
    .setIssuedAt(now + (times.iat ?? -60))
    .setExpirationTime(now + (times.exp ?? 540))
    .sign(await importPKCS8(privateKeyPem, 'RS256'));
}

/** A client with an installation token of the App. */
export async function installed(lab: Lab, installation: Installation): Promise<Octokit> {
  const app = lab.client(await jwt(lab));
  const { data } = await app.rest.apps.createInstallationAccessToken({
    installation_id: installation.id,
  });
  return lab.client(data.token);
}
