import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readChanges } from '../../../src/targets/command/read-changes.ts';
import { readOpenTofu } from '../../../src/targets/command/read-opentofu.ts';
import { readPlan, verdictOf } from '../../../src/targets/command/read-plan.ts';
import { readPulumi } from '../../../src/targets/command/read-pulumi.ts';
import { StepFailure } from '../../../src/targets/target.ts';
import { scriptConfig } from '../../support/command-bench.ts';

const fixture = (name: string) => readFileSync(`test/fixtures/plans/${name}.json`, 'utf8');
const anew = 'it is destroyed and made anew';

test('a plan of OpenTofu, change by change', () => {
  expect(readOpenTofu(fixture('opentofu')).changes).toEqual([
    { action: 'add', resource: 'aws_s3_bucket.logs', breaking: false },
    {
      action: 'modify',
      resource: 'aws_instance.web[0]',
      fields: ['instance_type', 'password', 'public_ip'],
      breaking: false,
    },
    {
      action: 'modify',
      resource: 'module.db.aws_db_instance.main',
      fields: ['engine_version', 'network[0].subnet'],
      breaking: true,
      why: `${anew}: replace because cannot update`,
    },
    {
      action: 'modify',
      resource: 'aws_lb.front',
      fields: ['internal'],
      breaking: true,
      why: anew,
    },
    {
      action: 'remove',
      resource: 'aws_sqs_queue.old',
      breaking: true,
      why: 'it is destroyed: delete because no resource config',
    },
    {
      action: 'remove',
      resource: 'aws_lb.front (deposed 3c9f)',
      breaking: true,
      why: 'it is destroyed',
    },
    {
      action: 'rename',
      resource: 'aws_iam_role.app',
      from: 'aws_iam_role.web',
      breaking: false,
    },
    { action: 'modify', resource: 'aws_vpc.main', breaking: false, why: 'it is imported' },
    {
      action: 'remove',
      resource: 'aws_eip.kept',
      breaking: false,
      why: 'it stays, and is no longer managed',
    },
    { action: 'modify', resource: 'output.address', breaking: false },
    { action: 'add', resource: 'output.password', breaking: false },
    {
      action: 'remove',
      resource: 'output.gone',
      breaking: true,
      why: 'whoever reads it finds it no more',
    },
  ]);
});

test('a preview of Pulumi, change by change', () => {
  expect(readPulumi(fixture('pulumi'))).toEqual({
    changes: [
      { action: 'add', resource: 'aws:s3/bucket:Bucket/logs', breaking: false },
      {
        action: 'modify',
        resource: 'aws:ec2/instance:Instance/web',
        fields: ['instanceType', 'tags.Name'],
        breaking: false,
      },
      {
        action: 'modify',
        resource: 'aws:rds/instance:Instance/main',
        fields: ['engineVersion'],
        breaking: true,
        why: 'it is deleted and made anew',
      },
      {
        action: 'remove',
        resource: 'aws:sqs/queue:Queue/old',
        breaking: true,
        why: 'it is deleted',
      },
      {
        action: 'modify',
        resource: 'aws:ec2/eip:Eip/kept',
        breaking: false,
        why: 'it is imported',
      },
    ],
    risks: [],
  });
});

test('no value of a plan is kept', () => {
  for (const read of [readOpenTofu(fixture('opentofu')), readPulumi(fixture('pulumi'))]) {
    expect(JSON.stringify(read)).not.toMatch(/s3cr3t|t3\.large|private/);
  }
});

test('changes in our own words: what is removed breaks, unless its program knows better', () => {
  const changes = [
    { action: 'remove', resource: 'Topic/a' },
    { action: 'remove', resource: 'Topic/b', breaking: false, why: 'nobody reads it' },
    { action: 'modify', resource: 'Topic/\u001b[31mc', fields: ['z', 'a', 'a'], path: 'c.json' },
    { action: 'rename', resource: 'Topic/d', from: 'Topic/e' },
  ];
  expect(readChanges(JSON.stringify({ changes })).changes).toEqual([
    { action: 'remove', resource: 'Topic/a', breaking: true },
    { action: 'remove', resource: 'Topic/b', breaking: false, why: 'nobody reads it' },
    {
      action: 'modify',
      resource: 'Topic/ [31mc',
      fields: ['a', 'z'],
      path: 'c.json',
      breaking: false,
    },
    { action: 'rename', resource: 'Topic/d', from: 'Topic/e', breaking: false },
  ]);
});

const tofu = (change: object) => JSON.stringify({ format_version: '1.2', ...change });
test.each([
  ['nothing', readChanges, ' '],
  ['no JSON', readChanges, 'Plan: 1 to add'],
  ['a list', readChanges, '[]'],
  ['an unknown key', readChanges, '{"changes": [], "chagnes": []}'],
  ['an unknown action', readChanges, '{"changes": [{"action": "drop", "resource": "x"}]}'],
  ['a resource without a name', readChanges, '{"changes": [{"action": "add", "resource": ""}]}'],
  ['a format to come', readOpenTofu, '{"format_version": "2.0"}'],
  ['no format', readOpenTofu, '{"resource_changes": []}'],
  ['a plan that broke off', readOpenTofu, tofu({ errored: true })],
  ['a change without actions', readOpenTofu, tofu({ resource_changes: [{ address: 'a' }] })],
  ['steps that are none', readPulumi, '{"steps": [{"op": 1}]}'],
])('refused as a plan: %s', (_case, read, text) => {
  expect(() => read(text)).toThrow(StepFailure);
});

test.each([
  [
    'OpenTofu',
    readOpenTofu,
    tofu({ resource_changes: [{ address: 'a.b', change: { actions: ['melt'] } }] }),
  ],
  ['Pulumi', readPulumi, '{"steps": [{"op": "melt", "urn": "a.b"}]}'],
])('what %s may say one day counts as breaking', (_case, read, text) => {
  expect(read(text).changes).toMatchObject([
    { resource: 'a.b', breaking: true, why: expect.stringContaining('melt') },
  ]);
});

test('whatever a program prints, it is a plan or it is refused', () => {
  const words = fc.constantFrom('changes', 'steps', 'op', 'urn', 'resource_changes', 'change');
  const json = fc.letrec((tie) => ({
    value: fc.oneof(fc.jsonValue(), fc.dictionary(words, tie('value')), fc.array(tie('value'))),
  })).value;
  fc.assert(
    fc.property(json, fc.boolean(), (value, isCut) => {
      const text = JSON.stringify(value).slice(0, isCut ? 20 : undefined);
      for (const read of [readChanges, readOpenTofu, readPulumi]) {
        try {
          read(text);
        } catch (error) {
          expect(error).toBeInstanceOf(StepFailure);
        }
      }
    }),
  );
});

const planOf = (change: object) =>
  scriptConfig({ plan: '', apply: '' }, { plan: { run: ['x'], ...change } }).plan;
test.each([
  [{}, 0, 'unchanged'],
  [{}, 2, 'changed'],
  [{}, 1, 'failed'],
  [{}, 'timeout', 'failed'],
  [{}, 'SIGKILL', 'failed'],
  [{ changed: [0] }, 0, 'ask the plan'],
  [{ unchanged: [], changed: [0] }, 0, 'changed'],
  [{ unchanged: [3] }, 0, 'failed'],
])('exit codes: %j, %s', (change, status, verdict) => {
  expect(verdictOf(planOf(change), status)).toBe(verdict);
});

const none = '{"changes": []}';
const one = '{"changes": [{"action": "add", "resource": "Topic/a"}]}';
const added = { action: 'add', resource: 'Topic/a', breaking: false };
test.each([
  ['unchanged', none, []],
  ['unchanged', null, []],
  ['changed', one, [added]],
  ['ask the plan', one, [added]],
  ['ask the plan', none, []],
  ['changed', none, [{ action: 'modify', resource: 'topics', breaking: false }]],
] as const)('the exit code says %s, the plan %s', (verdict, text, changes) => {
  const read = readPlan('topics', 'changes', verdict, text);
  expect(read.changes).toEqual(changes);
  expect(read.risks).toHaveLength(verdict === 'changed' && text === none ? 1 : 0);
});

test('where exit code and plan contradict each other, nothing is planned', () => {
  expect(() => readPlan('topics', 'changes', 'unchanged', one)).toThrow(/nothing would change/);
});
