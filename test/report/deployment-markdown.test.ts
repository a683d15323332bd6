import { expect, test } from 'vitest';
import { deploymentComment, type DeploymentComment } from '../../src/report/deployment-markdown.ts';
import { maxComment } from '../../src/report/escape.ts';
import { doneComment } from '../../src/report/answer-markdown.ts';
import { added, samplePlan, unitPlan } from './sample-plans.ts';
import { sampleDeployment, sampleJob } from './samples.ts';

const waiting = { state: 'awaiting-approval', over: false, endedAt: null } as const;
const digest = `sha256:${'1a2b3c4d'.repeat(4)}`;

function comment(over: Partial<DeploymentComment>): string {
  return deploymentComment({
    view: sampleDeployment(42, waiting),
    repositoryUrl: 'https://github.com/acme/shop',
    note: null,
    behind: null,
    ...over,
  });
}

test.each([
  [{ digest, given: 0, needed: 1, voidCount: 0 }, '0 of 1 person has approved plan `1a2b3c4d`.'],
  [{ digest, given: 1, needed: 2, voidCount: 0 }, '1 of 2 people have approved plan `1a2b3c4d`.'],
  [{ digest, given: 0, needed: null, voidCount: 0 }, '0 people have approved plan `1a2b3c4d`.'],
  [{ digest: null, given: 0, needed: 1, voidCount: 0 }, '0 of 1 person has approved the plan.'],
  [{ digest, given: 0, needed: 1, voidCount: 1 }, 'An approval is void: the plan has changed'],
  [{ digest, given: 0, needed: 1, voidCount: 2 }, '2 approvals are void: the plan has changed'],
])('of approvals %j it says: %s', (approval, words) => {
  expect(comment({ approval })).toContain(words);
});

test('it says what to type, with the digits of the plan', () => {
  const approval = { digest, given: 0, needed: 1, voidCount: 0 };
  expect(comment({ approval })).toContain('`/approve production 1a2b3c4d` · `/reject production`');
});

test('it says for what it waits, and what opens it', () => {
  const message = 'production is locked by ada: the database moves';
  const body = comment({
    waits: [{ message, hint: 'To take the lock off, type: /unlock production' }],
  });
  expect(body).toContain(`${message}. To take the lock off, type: /unlock production`);
});

test('a lock is told in a line, with its reason; it has no units', () => {
  const job = sampleJob({
    operation: 'lock',
    targets: [],
    params: { reason: 'the database moves' },
  });
  const body = comment({ view: sampleDeployment(42, { job, units: [] }) });
  expect(body).toContain('✅ lock of `production`: **completed**\n');
  expect(body).toContain('asked for by `mona`: the database moves.');
  expect(body).toContain('`/unlock production`');
  expect(body).not.toContain('| host |');
});

test('a pause says when it ends', () => {
  const params = { until: '2026-05-01T14:00:00.000Z' };
  const job = sampleJob({ operation: 'pause', targets: [], params });
  const body = comment({ view: sampleDeployment(42, { job, units: [] }) });
  expect(body).toContain('It ends by itself at `2026-05-01T14:00:00.000Z`.');
});

test('whatever the plan, the comment fits and ends as it should', () => {
  const many = Array.from({ length: 5_000 }, (_, at) => ({ ...added, resource: `Layer/${at} 漢` }));
  const note = 'x'.repeat(20_000);
  const body = comment({ plan: samplePlan([unitPlan(many)]), note, planNotes: [note] });
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxComment);
  expect(body).toContain('5000 changes');
  expect(body.endsWith('</sub>')).toBe(true);
  expect(body.match(/<details>/g)).toHaveLength(body.match(/<\/details>/g)!.length);
});

test('what people and hosts wrote stays text', () => {
  const hostile = '@acme/ops <img src=x> ``` </details> [x](http://evil)';
  const job = sampleJob({ params: { reason: hostile } });
  const body = comment({
    view: sampleDeployment(42, { ...waiting, job }),
    waits: [{ message: hostile, hint: hostile }],
    planNotes: [hostile],
  });
  const outsideCode = body
    .replace(/^(`{3,})text\n[^]*?\n\1$/gm, '')
    .replace(/(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, '');
  expect(outsideCode).not.toMatch(/@acme|<img|\]\(http:\/\/evil/);
  expect(outsideCode.match(/<\/details>/g)).toHaveLength(1);
});

test('what was done is told in a sentence', () => {
  expect(doneComment({ words: '/reject', message: 'It is over', next: '/status' })).toContain(
    '✅ `/reject`\n\nIt is over.\n\n**Next:** /status',
  );
});
