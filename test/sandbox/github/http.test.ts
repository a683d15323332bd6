import { expect, test } from 'vitest';
import { shop, startLab } from './lab.ts';

test('an unchanged answer is 304, is not counted, and belongs to one token', async () => {
  const lab = await startLab();
  const owner = lab.person('acme');
  const first = await owner.rest.repos.listDeployments(shop);
  const headers = { 'if-none-match': first.headers.etag ?? '' };
  const again = owner.rest.repos.listDeployments({ ...shop, headers });
  await expect(again).rejects.toMatchObject({
    status: 304,
    response: { headers: { 'x-ratelimit-used': '1' } },
  });
  await lab.person('acme').rest.repos.listDeployments({ ...shop, headers });
  await lab.github.deploy('acme/shop', { by: 'acme', ref: 'main' });
  const changed = await owner.rest.repos.listDeployments({ ...shop, headers });
  expect(changed.data).toHaveLength(1);
});

test('lists come in pages whose links are followed as they are', async () => {
  const lab = await startLab();
  const owner = lab.person('acme');
  lab.github.openIssue('acme/shop', 'acme', 'Talk');
  for (let n = 1; n <= 7; n += 1) lab.github.comment('acme/shop', 1, 'acme', `comment ${n}`);
  const ask = { ...shop, issue_number: 1, per_page: 3 };
  const page = await owner.rest.issues.listComments({ ...ask, page: 2 });
  expect(page.data.map(({ body }) => body)).toEqual(['comment 4', 'comment 5', 'comment 6']);
  expect(page.headers.link).toMatch(/rel="prev".*rel="next".*rel="last".*rel="first"/);
  expect(page.headers.link).toContain('/repositories/');
  const all = await owner.paginate(owner.rest.issues.listComments, ask);
  expect(all).toHaveLength(7);
});

test('the hour has so many requests and no more', async () => {
  const lab = await startLab({ rateLimit: 2 });
  const owner = lab.person('acme');
  await owner.rest.repos.get(shop);
  const second = await owner.rest.repos.get(shop);
  expect(second.headers['x-ratelimit-remaining']).toBe('0');
  await expect(owner.rest.repos.get(shop)).rejects.toMatchObject({ status: 403 });
  lab.time.now += 3_600_001;
  await owner.rest.repos.get(shop);
});

test("the time of an answer is the stand-in's, in whole seconds", async () => {
  const lab = await startLab();
  lab.time.now = Date.parse('2031-05-06T07:08:09.900Z');
  const owner = lab.person('acme');
  const { data, headers } = await owner.rest.issues.create({ ...shop, title: 'When?' });
  expect(headers.date).toBe('Tue, 06 May 2031 07:08:09 GMT');
  expect(data.created_at).toBe('2031-05-06T07:08:09Z');
  expect(headers['x-github-request-id']).toBeTruthy();
});

test('what is not there is 404, what is not JSON is 400, a stranger is 401 or 404', async () => {
  const lab = await startLab({ lawful: false });
  const { url } = lab.github;
  const token = lab.github.tokenFor('acme');
  const ask = async (path: string, init: RequestInit = {}): Promise<number> =>
    (await fetch(url + path, { headers: { authorization: `Bearer ${token}` }, ...init })).status;
  expect(await ask('/api/v3/nowhere')).toBe(404);
  expect(await ask('/api/graphql', { method: 'POST' })).toBe(404);
  expect(await ask('/api/v3/repos/acme/shop/issues', { method: 'POST', body: '{' })).toBe(400);
  expect(await ask('/api/v3/user', { headers: {} })).toBe(401);
  expect(await ask('/api/v3/user', { headers: { authorization: 'Bearer wrong' } })).toBe(401);
  expect(await ask('/api/v3/repos/acme/shop', { headers: {} })).toBe(404);
});

test('a public repository may be read by anybody', async () => {
  const lab = await startLab({ public: true });
  const answer = await fetch(`${lab.github.url}/api/v3/repos/acme/shop`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-ratelimit-limit')).toBe('60');
});
