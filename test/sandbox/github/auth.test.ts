import { generateKeyPairSync } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { SignJWT } from 'jose';
import { ProbotOctokit } from 'probot';
import { describe, expect, test } from 'vitest';
import { installApp, installed, jwt, privateKeyPem, shop, startLab } from './lab.ts';

describe('an App signs in with a JWT', () => {
  test('and sees itself and where it is installed', async () => {
    const lab = await startLab();
    const { installation } = installApp(lab);
    const app = lab.client(await jwt(lab));
    expect((await app.rest.apps.getAuthenticated()).data?.slug).toBe('sallyport');
    expect((await app.rest.apps.getRepoInstallation(shop)).data.id).toBe(installation.id);
    expect((await app.rest.apps.listInstallations()).data).toHaveLength(1);
  });

  test('as Probot does it', async () => {
    const lab = await startLab();
    const { installation } = installApp(lab);
    lab.github.openIssue('acme/shop', 'acme', 'Talk');
    const probot = new ProbotOctokit({
      authStrategy: createAppAuth,
      auth: { appId: 77, privateKey: privateKeyPem, installationId: installation.id },
      baseUrl: `${lab.github.url}/api/v3`,
    });
    // createAppAuth dates its JWT by this machine's clock.
    lab.time.now = Date.now();
    const said = { ...shop, issue_number: 1, body: 'Hello' };
    expect((await probot.rest.issues.createComment(said)).status).toBe(201);
  });

  test.each([
    ['has expired', { iat: -700, exp: -1 }, '77'],
    ['lives for more than ten minutes', { exp: 660 }, '77'],
    ['names an App that is not there', {}, '78'],
  ])('which is refused when it %s', async (_, times, issuer) => {
    const lab = await startLab();
    installApp(lab);
    const app = lab.client(await jwt(lab, times, issuer));
    await expect(app.rest.apps.getAuthenticated()).rejects.toMatchObject({ status: 401 });
  });

  test('which is refused when another key signed it', async () => {
    const lab = await startLab();
    installApp(lab);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const forged = await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer('77')
      .setExpirationTime(Math.floor(lab.time.now / 1000) + 60)
      .sign(privateKey);
    const app = lab.client(forged);
    await expect(app.rest.apps.getAuthenticated()).rejects.toMatchObject({ status: 401 });
  });
});

describe('an installation token', () => {
  test('expires after an hour', async () => {
    const lab = await startLab();
    const { installation } = installApp(lab);
    const bot = await installed(lab, installation);
    lab.time.now += 59 * 60_000;
    await bot.rest.repos.get(shop);
    lab.time.now += 2 * 60_000;
    await expect(bot.rest.repos.get(shop)).rejects.toMatchObject({ status: 401 });
  });

  test('does what the App may do, and nothing else', async () => {
    const lab = await startLab();
    const { installation } = installApp(lab, { permissions: { issues: 'write' } });
    const bot = await installed(lab, installation);
    await bot.rest.issues.create({ ...shop, title: 'Hello' });
    await expect(bot.rest.repos.listDeployments(shop)).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration') as string,
      response: { headers: { 'x-accepted-github-permissions': 'deployments=read' } },
    });
  });

  test('can be narrowed to repositories and permissions, never widened', async () => {
    const lab = await startLab();
    await lab.github.createRepository({ owner: 'acme', name: 'other' });
    const { installation } = installApp(lab);
    const app = lab.client(await jwt(lab));
    const ask = { installation_id: installation.id, repositories: ['other'] };
    const narrow = await app.rest.apps.createInstallationAccessToken({
      ...ask,
      permissions: { deployments: 'read' },
    });
    const bot = lab.client(narrow.data.token);
    await bot.rest.repos.listDeployments({ owner: 'acme', repo: 'other' });
    await expect(bot.rest.repos.listDeployments(shop)).rejects.toMatchObject({ status: 404 });
    const wider = { ...ask, permissions: { administration: 'write' as const } };
    await expect(app.rest.apps.createInstallationAccessToken(wider)).rejects.toMatchObject({
      status: 422,
    });
  });

  test('speaks as the bot', async () => {
    const lab = await startLab();
    const { installation } = installApp(lab);
    const bot = await installed(lab, installation);
    lab.github.openIssue('acme/shop', 'acme', 'A question');
    const { data } = await bot.rest.issues.createComment({ ...shop, issue_number: 1, body: 'Yes' });
    expect(data.user).toMatchObject({ login: 'sallyport[bot]', type: 'Bot' });
    expect(data.performed_via_github_app?.id).toBe(77);
  });
});

describe('people', () => {
  test('see a private repository only when they were let in', async () => {
    const lab = await startLab();
    const alice = lab.person('alice');
    await expect(alice.rest.repos.get(shop)).rejects.toMatchObject({ status: 404 });
    lab.github.collaborator('acme/shop', 'alice', 'read');
    await alice.rest.repos.get(shop);
    const deployment = { ...shop, ref: 'main', required_contexts: [] };
    await expect(alice.rest.repos.createDeployment(deployment)).rejects.toMatchObject({
      status: 403,
    });
    lab.github.collaborator('acme/shop', 'alice', 'write');
    await alice.rest.repos.createDeployment(deployment);
  });

  test.each([
    ['maintain', 'write'],
    ['triage', 'read'],
    ['none', 'none'],
  ] as const)('with the role %s have the permission %s', async (role, permission) => {
    const lab = await startLab();
    const { installation } = installApp(lab);
    lab.person('alice');
    lab.github.collaborator('acme/shop', 'alice', role);
    const bot = await installed(lab, installation);
    const { data } = await bot.rest.repos.getCollaboratorPermissionLevel({
      ...shop,
      username: 'alice',
    });
    expect(data).toMatchObject({ permission, role_name: role, user: { login: 'alice' } });
  });

  test('belong to teams', async () => {
    const lab = await startLab();
    const { installation } = installApp(lab, { permissions: { members: 'read' } });
    lab.person('alice');
    lab.person('mallory');
    lab.github.createUser('corp', { type: 'Organization' });
    lab.github.createTeam('corp', 'ops', ['alice']);
    const bot = await installed(lab, installation);
    const ask = { org: 'corp', team_slug: 'ops' };
    const found = await bot.rest.teams.getMembershipForUserInOrg({ ...ask, username: 'alice' });
    expect(found.data.state).toBe('active');
    await expect(
      bot.rest.teams.getMembershipForUserInOrg({ ...ask, username: 'mallory' }),
    ).rejects.toMatchObject({ status: 404 });
  });
});

test("an agent's token is for one repository and its permissions", async () => {
  const lab = await startLab();
  await lab.github.createRepository({ owner: 'acme', name: 'other' });
  const agent = lab.client(lab.github.tokenForAgent('acme/shop', { deployments: 'write' }));
  await agent.rest.repos.listDeployments(shop);
  const other = { owner: 'acme', repo: 'other' };
  await expect(agent.rest.repos.listDeployments(other)).rejects.toMatchObject({ status: 404 });
  await expect(agent.rest.issues.create({ ...shop, title: 'No' })).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('by personal access token') as string,
  });
});
