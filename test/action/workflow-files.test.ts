import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { lint, workflowFiles } from './workflow-files.ts';

const Action = z.object({ inputs: z.record(z.string(), z.unknown()) });
const inputs = Object.keys(Action.parse(parse(readFileSync('action/action.yml', 'utf8'))).inputs);

test.each(workflowFiles())('%s keeps the rules', (_, text) => {
  expect(lint(text, inputs)).toEqual([]);
});

const good = `on: { push: {} }
permissions: {}
jobs:
  go:
    timeout-minutes: 5
    environment: sallyport
    steps:
      - uses: sallyport/sallyport/action@v1
        with: { mode: wait, signing-key: x }
      - run: echo "$TITLE"
`;

test.each([
  ['echo "$TITLE"', 'echo "${{ github.event.issue.title }}"', 'a script holds github.event'],
  ['echo "$TITLE"', "echo ${{ format('{0}', github.head_ref) }}", 'a script holds format'],
  ['echo "$TITLE"', 'echo ${{ inputs.ref }}', 'a script holds inputs.ref'],
  ['mode: wait', 'script: "${{ github.event.comment.body }}"', 'a script holds'],
  ['permissions: {}\n', '', 'no permissions'],
  ['permissions: {}', 'permissions: { contents: write }', 'let every job write'],
  ['permissions: {}', 'permissions: { id-token: read }', 'OIDC'],
  ['sallyport/sallyport/action@v1', 'actions/checkout@v4', 'not pinned'],
  ['sallyport/sallyport/action@v1', `actions/checkout@${'a'.repeat(40)}`, 'its version'],
  ['mode: wait', 'mod: wait', 'no input mod'],
  ['    environment: sallyport\n', '', 'the signing key'],
  ['    timeout-minutes: 5\n', '', 'for ever'],
  ['{ push: {} }', '{ issue_comment: {} }', null],
])('%s → %s: %s', (from, to, complaint) => {
  expect(lint(good, inputs)).toEqual([]);
  const found = lint(good.replace(from, to), inputs).join('; ');
  if (complaint === null) expect(found).toBe('');
  else expect(found).toContain(complaint);
});

test('code is not checked out beside the secrets of the default branch', () => {
  const checkout = `actions/checkout@${'a'.repeat(40)} # v4`;
  const text = good
    .replace('{ push: {} }', '{ pull_request_target: {} }')
    .replace('- run', `- uses: ${checkout}\n      - run`);
  expect(lint(text, inputs)).toEqual(['code is checked out beside secrets']);
});
