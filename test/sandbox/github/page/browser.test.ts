import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { createPage } from '../../../../src/sandbox/github/page/create-page.ts';
import { startGithub } from '../../../../src/sandbox/github/server.ts';

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
if (browser === undefined && process.env['CI']) throw new Error('CI has no Chromium to test with');

test('a typed comment and a new status appear by themselves', async ({ skip }) => {
  skip(browser === undefined, 'no Chromium on this machine');
  const github = await startGithub({ page: createPage() });
  const chrome = await chromium.launch({ executablePath: browser!, args: ['--no-sandbox'] });
  try {
    github.createUser('alice');
    await github.createRepository({ owner: 'acme', name: 'shop' });
    const sha = await github.commit({ repository: 'acme/shop', branch: 'b', files: { a: '1' } });
    await github.openPullRequest({ repository: 'acme/shop', head: 'b', by: 'alice' });

    const page = await chrome.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${github.url}/acme/shop/pull/1`);
    await page.getByRole('button', { name: '/status' }).click();
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.locator('.timeline').getByText('/status').waitFor();
    expect(await page.locator('textarea').inputValue()).toBe('');

    await page.locator('textarea').fill('half a sent');
    const { id } = await github.deploy('acme/shop', { by: 'alice', ref: sha });
    github.deploymentStatus('acme/shop', id, {
      by: 'alice',
      state: 'success',
      description: 'it lives',
    });
    await page.locator('aside').getByText('it lives').waitFor();
    expect(await page.locator('textarea').inputValue()).toBe('half a sent');

    await page.setViewportSize({ width: 360, height: 700 });
    const overflow = await page.evaluate('document.documentElement.scrollWidth');
    expect(overflow).toBeLessThanOrEqual(360);
    expect(complaints).toEqual([]);
  } finally {
    await chrome.close();
    await github.close();
  }
});
