import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { violationsOfWebhook } from './webhook-contract.ts';

interface Example {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}

const file = createRequire(import.meta.url).resolve('@octokit/webhooks-examples');
const examples = JSON.parse(readFileSync(file, 'utf8')) as readonly Example[];

test.each(['issue_comment', 'pull_request', 'push', 'create', 'delete', 'deployment'])(
  "GitHub's own example of %s keeps GitHub's own schema",
  (event) => {
    expect(
      examplesOf(event).some((payload) => violationsOfWebhook(event, payload).length === 0),
    ).toBe(true);
  },
);

test('an event or action that GitHub does not send is a violation', () => {
  expect(violationsOfWebhook('issue_coment', { action: 'created' })).toEqual([
    'webhook issue_coment$created: GitHub sends no such event',
  ]);
  expect(violationsOfWebhook('deployment', { action: 'deleted' })).toEqual([
    'webhook deployment$deleted: GitHub sends no such event',
  ]);
});

test('a payload that lacks a field, or has one of the wrong type, is a violation', () => {
  const [good] = examplesOf('issue_comment').filter(
    (payload) => violationsOfWebhook('issue_comment', payload).length === 0,
  );
  const { sender: _, ...without } = good!;
  expect(violationsOfWebhook('issue_comment', without)).toEqual([
    `webhook issue_comment$${String(good!['action'])}: must have required property 'sender'`,
  ]);
  const comment = { ...(good!['comment'] as object), id: 'seven' };
  expect(violationsOfWebhook('issue_comment', { ...good, comment })).toContainEqual(
    expect.stringContaining('/comment/id: must be integer'),
  );
});

function examplesOf(event: string): readonly Record<string, unknown>[] {
  return examples.find(({ name }) => name === event)?.examples ?? [];
}
