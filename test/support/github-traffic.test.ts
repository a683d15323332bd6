import { expect, test } from 'vitest';
import { startGithub } from '../../src/sandbox/github/server.ts';
import { recordTraffic } from './github-traffic.ts';

test('what goes between a client and the stand-in is kept and judged', async () => {
  const traffic = recordTraffic();
  const github = await startGithub({ hooks: traffic.hooks });
  try {
    await github.createRepository({ owner: 'acme', name: 'shop' });
    const token = github.tokenFor('acme');
    const get = (path: string): Promise<Response> =>
      fetch(`${github.url}/api/v3${path}`, { headers: { authorization: `Bearer ${token}` } });

    await get('/repos/acme/shop');
    await get('/repos/acme/shop/deployments?per_page=2');
    traffic.expectNoViolations();

    await get('/repos/acme/shop/deployments?per_pages=2');
    expect(traffic.violations()).toEqual([
      'GET /repos/{owner}/{repo}/deployments request?per_pages: GitHub knows no such parameter',
    ]);
    expect(traffic.exchanges).toHaveLength(3);
  } finally {
    await github.close();
  }
});
