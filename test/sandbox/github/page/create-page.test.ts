import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPage } from '../../../../src/sandbox/github/page/create-page.ts';
import { startGithub } from '../../../../src/sandbox/github/server.ts';
import type { StandIn } from '../../../../src/sandbox/github/stand-in.ts';

let github: StandIn;
let sha: string;

beforeEach(async () => {
  github = await startGithub({ page: createPage() });
  github.createUser('alice');
  github.createUser('corp', { type: 'Organization' });
  await github.createRepository({ owner: 'acme', name: 'shop' });
  sha = await github.commit({
    repository: 'acme/shop',
    branch: 'greet',
    files: { 'index.html': 'Hello' },
    message: 'Greet <b>',
  });
  await github.openPullRequest({
    repository: 'acme/shop',
    head: 'greet',
    title: 'Greet <script>',
    body: 'With a **heading**.',
    by: 'alice',
  });
});

afterEach(() => github.close());

const pull = '/acme/shop/pull/1';

async function text(path: string): Promise<string> {
  const answer = await fetch(github.url + path);
  expect(answer.status).toBe(200);
  return answer.text();
}

function post(form: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(form);
  return fetch(`${github.url}${pull}/comments`, {
    method: 'POST',
    body,
    headers,
    redirect: 'manual',
  });
}

test('the first page leads to the repositories and their pull requests', async () => {
  expect(await text('/')).toContain('href="/acme/shop/pull/1"');
  expect(await text('/acme/shop')).toContain('href="/acme/shop/pull/1"');
});

test('a pull request shows its text, checks and deployments, and nothing runs', async () => {
  const deployment = await github.deploy('acme/shop', { by: 'alice', ref: sha, environment: 'qa' });
  github.deploymentStatus('acme/shop', deployment.id, {
    by: 'alice',
    state: 'in_progress',
    description: 'applying <1 of 2>',
    logUrl: 'javascript:alert(1)',
  });
  const page = await text(pull);
  expect(page).toContain('Greet &lt;script&gt;');
  expect(page).toContain('<strong>heading</strong>');
  expect(page).toContain('applying &lt;1 of 2&gt;');
  expect(page).toContain(`deployment-${deployment.id}`);
  expect(page).not.toContain('javascript:');
});

test('deployments are shown whole, or an environment at a time', async () => {
  await github.deploy('acme/shop', { by: 'alice', ref: sha, environment: 'qa' });
  await github.deploy('acme/shop', { by: 'alice', ref: sha, environment: 'a/b c' });
  expect((await text('/acme/shop/deployments')).match(/class="deployment"/g)).toHaveLength(2);
  expect(
    (await text('/acme/shop/deployments/a%2Fb%20c')).match(/class="deployment"/g),
  ).toHaveLength(1);
});

test('a commit shows its message and files', async () => {
  const page = await text(`/acme/shop/commit/${sha}`);
  expect(page).toContain('Greet &lt;b&gt;');
  expect(page).toContain('index.html');
});

test('a comment is posted by whom the page names, and comes back in the live part', async () => {
  const before = await fetch(`${github.url}${pull}?live`);
  const etag = before.headers.get('etag')!;
  const again = await fetch(`${github.url}${pull}?live`, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);

  const answer = await post({ login: 'alice', body: '/deploy qa\r\n' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, pull]);
  const [comment] = github.repository('acme/shop').comments;
  expect([comment?.author.login, comment?.body]).toEqual(['alice', '/deploy qa']);

  const after = await fetch(`${github.url}${pull}?live`, { headers: { 'if-none-match': etag } });
  expect(((await after.json()) as { html: string }).html).toContain('/deploy qa');
});

test.each([
  ['nobody of that name', { login: 'mallory', body: 'x' }, {}],
  ['an organisation', { login: 'corp', body: 'x' }, {}],
  ['no text', { login: 'alice', body: ' \n' }, {}],
  ['too much text', { login: 'alice', body: 'x'.repeat(65_537) }, {}],
  ['another page', { login: 'alice', body: 'x' }, { origin: 'http://evil.example' }],
])('a comment from %s is refused', async (_, form, headers) => {
  expect((await post(form, headers)).status).toBe(422);
  expect(github.repository('acme/shop').comments).toEqual([]);
});

test.each([
  '/nobody',
  '/acme/none',
  '/acme/shop/pull/9',
  '/acme/shop/commit/zz',
  '/%zz',
  '/a/b/c/d/e',
])('%s is nowhere', async (path) => {
  expect((await fetch(github.url + path)).status).toBe(404);
});

test('only the page’s own script and style may run', async () => {
  const policy = (await fetch(github.url + pull)).headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
});
