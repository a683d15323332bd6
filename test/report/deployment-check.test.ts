import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeploymentState } from '../../src/model/deployment.ts';
import { deploymentCheck, isDeploymentCheck } from '../../src/report/deployment-check.ts';
import { deploymentComment, type DeploymentComment } from '../../src/report/deployment-markdown.ts';
import { maxComment } from '../../src/report/escape.ts';
import { added, samplePlan, unitPlan } from './sample-plans.ts';
import { sampleDeployment, sampleJob, start } from './samples.ts';

function about(over: Partial<DeploymentComment> = {}): DeploymentComment {
  const repositoryUrl = 'https://github.com/acme/shop';
  return { view: sampleDeployment(42), repositoryUrl, note: null, behind: null, ...over };
}

test.each<[DeploymentState, string, string | null]>([
  ['pending', 'queued', null],
  ['validating', 'in_progress', null],
  ['planning', 'in_progress', null],
  ['awaiting-approval', 'completed', 'action_required'],
  ['backing-up', 'in_progress', null],
  ['applying', 'in_progress', null],
  ['post-validating', 'in_progress', null],
  ['rolling-back', 'in_progress', null],
  ['completed', 'completed', 'success'],
  ['rolled-back', 'completed', 'failure'],
  ['failed', 'completed', 'failure'],
  ['rejected', 'completed', 'cancelled'],
  ['cancelled', 'completed', 'cancelled'],
  ['superseded', 'completed', 'neutral'],
  ['skipped', 'completed', 'neutral'],
])('%s is shown as %s, %s', (state, status, conclusion) => {
  const check = deploymentCheck(about({ view: sampleDeployment(42, { state }) }), [], null);
  expect(check).toMatchObject({ name: 'sallyport / production', status, conclusion });
  expect(isDeploymentCheck(check.name)).toBe(true);
});

test('a plan has a check run of its own, neither good nor bad', () => {
  const view = sampleDeployment(42, { job: sampleJob({ operation: 'plan' }) });
  expect(deploymentCheck(about({ view }), [], null)).toMatchObject({
    name: 'sallyport / production (plan)',
    conclusion: 'neutral',
  });
});

test('it leads to the answer, and shows the plan, the log and what a button came to', () => {
  const steps = [
    { at: start + 2_000, what: 'web-1 planned: web', words: 'web-1 planned: 1 change' },
  ];
  const plan = samplePlan([unitPlan([added])]);
  const check = deploymentCheck(about({ steps, plan }), [], 'eve may not');
  expect(check).toMatchObject({
    externalId: '42',
    detailsUrl: 'https://github.com/acme/shop/issues/3#issuecomment-100',
    title: 'deploy to production: completed after 5 s',
  });
  expect(check.summary).toMatch(/^eve may not\n/);
  expect(check.text).toContain('+ Layer/parks');
  expect(check.text).toContain('2026-05-01T12:00:02Z web-1 planned: 1 change');
});

test('the comment lists the last steps with their times, and the check run has all of them', () => {
  const steps = Array.from({ length: 20 }, (_, at) => ({
    at: start + at * 1_000,
    what: 'web-1 applying: web',
    words: `step ${at}`,
  }));
  const body = deploymentComment(about({ steps }));
  expect(body).toContain('- … 8 earlier\n- `8 s`: step 8\n');
  expect(deploymentCheck(about({ steps }), [], null).text).toContain('Z step 0\n');
});

test('what is too long for the comment moves to the check run, and both say so', () => {
  const many = Array.from({ length: 1_300 }, (_, at) => ({ ...added, resource: `Layer/${at} 漢` }));
  const plan = samplePlan([unitPlan(many)]);
  const words = 'x'.repeat(300);
  const steps = Array.from({ length: 900 }, () => ({ at: start, what: '', words }));
  const comment = about({ plan, steps, note: 'x'.repeat(20_000), hasCheck: true });
  const body = deploymentComment(comment);
  expect(body).toContain('More of the plan stands in the [check run of the commit](');
  const { summary, text } = deploymentCheck(comment, [], null);
  for (const part of [summary, text]) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(65_535);
  expect(text).toMatch(/… \d+ earlier lines are left out/);
});

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('@everyone', '@acme/ops', '<img src=x onerror=alert(1)>', '```', '~~~', '|'),
      fc.constantFrom('</details>', '<!--', '\u202e', '\u0000', '\r\n', '[x](http://evil)', '`'),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(' '));

test('whatever people and programs write, it fits, mentions nobody and is no HTML', () => {
  const template = '# {{state}} by {{actor}} of {{ref}}\n\n{{about}}\n{{plan}}\n{{next}}\n';
  fc.assert(
    fc.property(hostile, fc.boolean(), (text, isLong) => {
      const words = isLong ? text.repeat(20) : text;
      const job = sampleJob({
        params: { reason: words },
        ref: text,
        actor: { id: 5, login: text },
      });
      const comment = about({
        view: sampleDeployment(42, { job }),
        note: words,
        waits: [{ message: words, hint: words }],
        planNotes: [words],
        plan: samplePlan([unitPlan([{ ...added, resource: text }])]),
        steps: [{ at: start, what: words, words: text }],
      });
      const { summary, text: body } = deploymentCheck(comment, [], null);
      const bodies = [deploymentComment(comment), deploymentComment(comment, template)];
      for (const each of [summary, body, ...bodies]) {
        expect(each.length).toBeLessThanOrEqual(maxComment);
        for (const sign of ['\u202e', '\u0000']) expect(each).not.toContain(sign);
        expect(outsideCode(each)).not.toMatch(/@everyone|@acme|<img|\]\(http:\/\/evil/);
      }
    }),
    { numRuns: 60 },
  );
});

function outsideCode(body: string): string {
  return body
    .replace(/^(`{3,})\w*\n[^]*?\n\1$/gm, '')
    .replace(/(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, '');
}
