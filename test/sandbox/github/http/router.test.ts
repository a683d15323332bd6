import { expect, test } from 'vitest';
import { createRouter } from '../../../../src/sandbox/github/http/router.ts';
import { routes } from '../../../../src/sandbox/github/routes/all.ts';

const find = createRouter(routes);

test.each([
  ['/repos/a/b/commits/main', '/repos/{owner}/{repo}/commits/{ref}', { ref: 'main' }],
  ['/repos/a/b/commits/topic%2Fone', '/repos/{owner}/{repo}/commits/{ref}', { ref: 'topic/one' }],
  ['/repos/a/b/commits/x/y/status', '/repos/{owner}/{repo}/commits/{ref}/status', { ref: 'x/y' }],
  ['/repos/a/b/contents/docs/a.md', '/repos/{owner}/{repo}/contents/{path}', { path: 'docs/a.md' }],
  ['/repos/a/b/issues/comments/7', '/repos/{owner}/{repo}/issues/comments/{comment_id}', {}],
  ['/repos/a/b/issues/7/comments', '/repos/{owner}/{repo}/issues/{issue_number}/comments', {}],
])('%s is %s', (path, template, params) => {
  const match = find('GET', path);
  expect(match?.route.template).toBe(template);
  expect(match?.params).toMatchObject({ owner: 'a', repo: 'b', ...params });
});

test('a path or a method that GitHub does not have is no route', () => {
  expect(find('GET', '/repos/a')).toBeUndefined();
  expect(find('PUT', '/repos/a/b/deployments')).toBeUndefined();
});
