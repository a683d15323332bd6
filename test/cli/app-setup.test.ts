import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { readSettings } from '../../src/app/settings.ts';
import { run } from '../../src/cli/app-setup.ts';
import { run as runApp } from '../../src/cli/app.ts';
import type { World } from '../../src/cli/world.ts';
import { startGithub } from '../../src/sandbox/github/server.ts';
import type { StandIn } from '../../src/sandbox/github/stand-in.ts';
import { appPermissions } from '../../src/sandbox/tour/app-registration.ts';
import { recordTraffic } from '../support/github-traffic.ts';
import { fakeWorld } from './fake-world.ts';

let github: StandIn;
let folder = '';
let leave = new AbortController();
const traffic = recordTraffic();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sp-setup-'));
  github = await startGithub({ hooks: traffic.hooks });
  github.createUser('mona');
  leave = new AbortController();
});
afterEach(async () => {
  leave.abort();
  await github.close();
  await rm(folder, { recursive: true });
  traffic.expectNoViolations();
});

/** `sallyport app setup`, begun; `url` is what it printed. */
async function begin(isTTY = false) {
  const { world, written } = fakeWorld({}, isTTY);
  const own: World = {
    ...world,
    env: { GHE_HOST: new URL(github.url).host, GHE_PROTOCOL: 'http' },
    cwd: folder,
    signal: leave.signal,
    parts: { ...world.parts, app: () => Promise.resolve({ clock: systemClock } as never) },
  };
  const options = { port: '0', url: 'https://sallyport.example.com', name: 'Our Sallyport' };
  const args = { words: [], options, json: false };
  const code = isTTY ? runApp(args, own) : run(args, own);
  code.catch(() => {});
  const printed = () => /http:\S+token=\S+/.exec(written.stderr)?.[0];
  await expect.poll(printed).toBeDefined();
  return { code, written, url: printed()! };
}

/** A browser: keeps the cookie, follows nothing by itself. */
function browser(url: string) {
  let cookie = '';
  const { origin } = new URL(url);
  const visit = async (path: string, form?: Readonly<Record<string, string>>) => {
    const answer = await fetch(new URL(path, origin), {
      redirect: 'manual',
      headers: { cookie, ...(form ? { origin } : {}) },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return { status: answer.status, headers: answer.headers, html: await answer.text() };
  };
  return { visit, origin };
}

const decoded = (html: string) =>
  html
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');

/** The hidden field of a form. */
const field = (html: string, name: string) =>
  decoded(new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '');

/** As far as GitHub's own page; gives the address that GitHub sends the browser back to. */
async function confirm({ visit }: ReturnType<typeof browser>, url: string): Promise<string> {
  expect((await visit(url)).status).toBe(303);
  const { html } = await visit('/setup');
  const state = field(html, 'state');
  const words = { name: field(html, 'name'), url: field(html, 'url'), organization: '' };
  const second = await visit('/setup', { ...words, state });
  const action = decoded(/action="([^"]+)"/.exec(second.html)![1]!);
  expect(action).toContain(`${github.url}/settings/apps/new?state=`);
  const body = new URLSearchParams({ manifest: field(second.html, 'manifest') });
  const answer = await fetch(action, { method: 'POST', body, redirect: 'manual' });
  expect(answer.status).toBe(302);
  return answer.headers.get('location')!;
}

test('from the address on the terminal to the settings with which the App starts', async () => {
  const { code, written, url } = await begin();
  const mine = browser(url);
  const back = await confirm(mine, url);
  const done = await mine.visit(back);
  expect([done.status, done.html]).toEqual([200, expect.stringContaining('/installations/new')]);
  expect(await code).toBe(0);

  const [app] = github.world.state.apps;
  expect(app).toMatchObject({
    name: 'our-sallyport',
    permissions: appPermissions,
    webhookUrl: 'https://sallyport.example.com/api/github/webhooks',
  });
  const path = join(folder, '.env');
  const env = Object.fromEntries(
    (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split('=')),
  ) as Record<string, string>;
  const settings = await readSettings(env, {});
  expect(settings).toMatchObject({
    appId: app!.id,
    webhookSecret: app!.webhookSecret,
    apiUrl: `${github.url}/api/v3`,
  });
  for (const name of ['.env', 'sallyport-app.pem', 'sallyport-app.key']) {
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  }
  expect(written.stdout).toContain(`set -a; . ${path}; set +a; sallyport app`);
  expect(written.stdout).toContain(settings.signingKey.public.text);
  expect(written.stdout + written.stderr).not.toContain(settings.webhookSecret);

  // What was set up stays as it is.
  await expect(begin()).rejects.toThrow();
});

test('who did not come first with the token gets nothing', async () => {
  const { url } = await begin();
  const [mine, theirs] = [browser(url), browser(url)];
  expect((await theirs.visit('/setup')).status).toBe(403);
  expect((await theirs.visit('/setup/done?code=abc&state=x')).status).toBe(403);
  const back = await confirm(mine, url);
  expect((await theirs.visit(url)).status).toBe(403);
  expect((await theirs.visit(back)).status).toBe(403);
  // With the cookie alone, as another site would have it sent.
  const { origin } = mine;
  const form = { name: 'x', url: 'https://evil.example', organization: '', state: 'guessed' };
  expect((await mine.visit('/setup', form)).status).toBe(403);
  expect((await mine.visit(`${origin}/setup/done?code=abc&state=guessed`)).status).toBe(403);
  expect(github.world.state.apps).toEqual([]);
});

test('five wrong tokens end it', async () => {
  const { code, url } = await begin();
  const { visit } = browser(url);
  for (let guess = 1; guess <= 5; guess += 1) await visit(`/setup?token=guess-${guess}`);
  expect((await visit(url)).status).toBe(410);
  await expect(code).rejects.toMatchObject({ code: 'setup_over', exit: 3 });
});

test('a code that GitHub does not know is told at the terminal, and nothing is written', async () => {
  const { code, url } = await begin();
  const mine = browser(url);
  const back = new URL(await confirm(mine, url));
  back.searchParams.set('code', 'f'.repeat(40));
  expect((await mine.visit(back.href)).status).toBe(502);
  await expect(code).rejects.toMatchObject({ code: 'github_refused' });
  await expect(stat(join(folder, '.env'))).rejects.toThrow();
});

test('what people type into the form is checked, and shown as text', async () => {
  const { url } = await begin();
  const mine = browser(url);
  await mine.visit(url);
  const { html, headers } = await mine.visit('/setup');
  expect(headers.get('content-security-policy')).toContain(`form-action 'self' ${github.url};`);
  const good = {
    name: 'x',
    url: 'https://a.example',
    organization: '',
    state: field(html, 'state'),
  };
  for (const wrong of [
    { name: '"><script>' },
    { url: 'javascript:alert(1)' },
    { organization: 'a/../../x' },
  ]) {
    const answer = await mine.visit('/setup', { ...good, ...wrong });
    expect([answer.status, answer.html.includes('<script>')]).toEqual([400, false]);
  }
});

test('on a terminal, `sallyport app` without any settings sets up', async () => {
  const { code, url } = await begin(true);
  expect(url).toContain('/setup?token=');
  leave.abort();
  await expect(code).rejects.toMatchObject({ code: 'setup_left' });
});
