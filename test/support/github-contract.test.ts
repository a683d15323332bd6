import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deriveOpenapi } from '../../scripts/derive-openapi.ts';
import { operations } from '../../scripts/openapi-operations.ts';
import { routes } from '../../src/sandbox/github/routes/all.ts';
import { violationsOfAnswer, violationsOfExchange } from './github-contract.ts';
import { exchange, githubExamples } from './github-examples.ts';

test('the checked-in description is what the script derives, small, and without prose', () => {
  const { path, text } = deriveOpenapi();
  expect(readFileSync(path, 'utf8') === text).toBe(true);
  expect(text.length).toBeLessThan(600_000);
  expect(/"(?:description|summary|title|example)":"/.test(text)).toBe(false);
});

test('the description has each route of the stand-in, and no more', () => {
  const served = routes.map(({ method, template }) => `${method} ${template}`);
  expect([...operations].sort()).toEqual(served.sort());
});

const answers = '/repos/{owner}/{repo}';

/** Examples in GitHub's documentation that lack what GitHub's own description requires. */
const incomplete: readonly string[] = [
  `GET ${answers} 200 default-response`,
  `GET ${answers}/activity 200 default`,
  `GET ${answers}/collaborators/{username}/permission 200 response-if-user-has-admin-permissions`,
  `GET ${answers}/branches 200 default`,
  `GET ${answers}/commits/{ref} 200 default`,
  `GET ${answers}/commits/{commit_sha}/pulls 200 default`,
  `GET ${answers}/issues/{issue_number} 200 default`,
  `GET ${answers}/issues/{issue_number} 200 pinned_comment`,
  `GET ${answers}/pulls 200 default`,
  `POST ${answers}/pulls 201 default`,
  `GET ${answers}/pulls/{pull_number} 200 default`,
  `PATCH ${answers}/pulls/{pull_number} 200 default`,
];

test("GitHub's own examples keep GitHub's own description, but for those known to be incomplete", () => {
  const examples = githubExamples();
  const broken = examples.filter(({ seen }) => violationsOfAnswer(seen).length > 0);
  expect(broken.map(({ name }) => name)).toEqual(incomplete);
  expect(examples.length).toBeGreaterThan(70);
});

const statuses = `${answers}/deployments/{deployment_id}/statuses`;
const params = { owner: 'acme', repo: 'shop', deployment_id: '7' };

describe('a violation is told in one readable line', () => {
  const cases: readonly (readonly [told: string | RegExp, seen: Parameters<typeof exchange>[0]])[] =
    [
      [
        "GET /nowhere: GitHub's description has no such operation",
        { method: 'GET', template: null, path: '/nowhere' },
      ],
      [
        "POST /x: GitHub's description has no such operation",
        { method: 'POST', template: '/made/up/{route}', path: '/x' },
      ],
      [
        `GET ${statuses} request?per_pages: GitHub knows no such parameter`,
        { template: statuses, params, query: { per_pages: '100' }, responseBody: [] },
      ],
      [
        `GET ${statuses} request?per_page: must be integer`,
        { template: statuses, params, query: { per_page: 'many' }, responseBody: [] },
      ],
      [
        `GET ${statuses} request{deployment_id}: must be integer`,
        { template: statuses, params: { ...params, deployment_id: 'x' }, responseBody: [] },
      ],
      [
        `GET ${statuses} answer 200: must be array`,
        { template: statuses, params, responseBody: {} },
      ],
      [
        `GET ${statuses} answer 200/0: must have required property 'id'`,
        { template: statuses, params, responseBody: [{}] },
      ],
      [
        `GET ${statuses} answer 201: GitHub knows no such status here`,
        { template: statuses, params, status: 201, responseBody: [] },
      ],
      [
        `GET ${statuses} answer 304: has a body`,
        { template: statuses, params, status: 304, responseBody: [] },
      ],
      [
        `POST ${statuses} request: has no body`,
        { method: 'POST', template: statuses, params, status: 401, responseBody: {} },
      ],
      [
        `POST ${statuses} request/log_uri: GitHub knows no such field`,
        post({ state: 'success', log_uri: 'https://example.org' }),
      ],
      [
        `POST ${statuses} request: must have required property 'state'`,
        post({ description: 'no state' }),
      ],
      [
        /^POST .* request\/state: must be equal to one of the allowed values \["error","failure"/,
        post({ state: 'done' }),
      ],
      [
        `DELETE ${answers}/deployments/{deployment_id} answer 204: GitHub sends no body here`,
        {
          method: 'DELETE',
          template: `${answers}/deployments/{deployment_id}`,
          params,
          status: 204,
          responseBody: { message: 'gone' },
        },
      ],
    ];

  test.each(cases)('%s', (told, seen) => {
    const matching = typeof told === 'string' ? told : expect.stringMatching(told);
    expect(violationsOfExchange(exchange(seen))).toContainEqual(matching);
  });
});

test.each([
  ['a conditional read', exchange({ template: statuses, params, status: 304 })],
  ['no credentials', exchange({ template: statuses, params, status: 401, responseBody: error() })],
  ['a secondary limit', exchange({ ...post({ state: 'success' }), status: 429 })],
  [
    'a numeric parameter',
    exchange({ template: statuses, params, query: { page: '2' }, responseBody: [] }),
  ],
])('%s is no violation', (_, seen) => {
  expect(violationsOfExchange(seen)).toEqual([]);
});

function post(body: object): Parameters<typeof exchange>[0] {
  return { method: 'POST', template: statuses, params, body, status: 422, responseBody: error() };
}

function error(): object {
  return { message: 'Nope', documentation_url: 'https://docs.github.com/rest', status: '400' };
}
