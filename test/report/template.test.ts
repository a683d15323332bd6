import { expect, test } from 'vitest';
import { refusalComment } from '../../src/report/answer-markdown.ts';
import { deploymentComment } from '../../src/report/deployment-markdown.ts';
import { maxTemplate, templateProblem } from '../../src/report/template.ts';
import { sampleDeployment, sampleJob } from './samples.ts';

test.each([
  ['{{headline}}\n\nRun {{ commit }} of {{ref}}.\n\n{{plan}}', null],
  ['{{secret}}', 'there is no {{secret}}'],
  ['{{__proto__}}', 'there is no {{__proto__}}'],
  ['{{constructor}}', 'there is no {{constructor}}'],
  ['{{}}', 'there is no {{}}'],
  ['- {{plan}}', '{{plan}} does not stand alone on its line'],
  ['```\n{{plan}}\n```', 'it holds a block of code, a comment, <pre>, <script> or <style>'],
  ['<pre>\n{{plan}}', 'it holds a block of code, a comment, <pre>, <script> or <style>'],
  ['<!-- {{plan}}', 'it holds a block of code, a comment, <pre>, <script> or <style>'],
  ['x'.repeat(maxTemplate + 1), `it is longer than ${maxTemplate} characters`],
])('of the template %j it says: %s', (text, problem) => {
  expect(templateProblem('deployment', text)).toBe(problem);
});

test('a template lays out the answer; what a value holds is no template', () => {
  const job = sampleJob({ ref: '{{actor}} @acme/ops "><b>' });
  const view = sampleDeployment(42, { job });
  const about = { view, repositoryUrl: 'https://github.com/acme/shop', note: null, behind: null };
  const body = deploymentComment(about, 'Hello: {{state}}, <i title="{{ref}}">ref</i>\n\n{{next}}');
  expect(body).toContain('<!-- sallyport deployment=42 -->');
  expect(body).toContain(
    'Hello: completed, <i title="{{actor}} &#64;<!-- -->acme/ops &#34;&#62;&#60;b&#62;">',
  );
  expect(body).toContain('Next: `/rollback production`');
  expect(body).not.toContain('| host |');
});

test('a refusal may have words of its own', () => {
  const refusal = { words: '/deploy production', message: 'It is locked', hint: '/unlock' };
  expect(refusalComment(refusal, 'Sorry: {{message}} ({{hint}})')).toContain(
    'Sorry: It is locked (/unlock)',
  );
});
