import { expect, test } from 'vitest';
import type { ActRecord, UnitRecord } from '../../src/model/record.ts';
import { historyJson } from '../../src/report/history-json.ts';
import { sampleDeployment, sha, start } from './samples.ts';

const common = { job: `sha256:${'2'.repeat(64)}`, reason: 'none', at: start, plan: null } as const;
const bound: ActRecord = { ...common, kind: 'act', state: 'bound', subject: 1 };
const digest = `sha256:${'3'.repeat(32)}` as const;
const approved: ActRecord = { ...common, kind: 'act', state: 'approved', subject: 9, plan: digest };
const done: UnitRecord = {
  ...common,
  kind: 'unit',
  state: 'done',
  target: 0,
  host: 0,
  attempt: 1,
};

const event = { host: null, reason: 'none', target: null, commit: sha, plan: null, words: '' };

test('each deployment lists who said what, newest deployment first', () => {
  const history = historyJson(
    [sampleDeployment(1), sampleDeployment(2)],
    [
      { deployment: 1, record: bound, signer: { kind: 'app' }, at: start + 1000, words: '' },
      {
        deployment: 1,
        record: approved,
        signer: { kind: 'app' },
        at: start + 1500,
        words: 'ada: approved',
      },
      {
        deployment: 1,
        record: done,
        signer: { kind: 'host', host: 'web-1' },
        at: start + 2000,
        words: 'web is at aaaaaaa',
      },
    ],
  );
  expect(history.deployments.map(({ id }) => id)).toEqual(['2', '1']);
  expect(history.deployments[1]).toEqual({
    id: '1',
    environment: 'production',
    operation: 'deploy',
    commit: sha,
    state: 'completed',
    reason: 'none',
    actor: 'mona',
    ref: 'feature',
    why: '',
    events: [
      { ...event, at: '2026-05-01T12:00:00.000Z', state: 'issued', by: 'mona' },
      { ...event, at: '2026-05-01T12:00:01.000Z', state: 'bound', by: 'app' },
      {
        ...event,
        at: '2026-05-01T12:00:01.500Z',
        state: 'approved',
        by: 'ada',
        plan: digest,
        words: 'ada: approved',
      },
      {
        ...event,
        at: '2026-05-01T12:00:02.000Z',
        state: 'done',
        by: 'web-1',
        host: 'web-1',
        target: 'web',
        words: 'web is at aaaaaaa',
      },
    ],
  });
});

test.each([
  ['root: approved', 0, 'root'],
  ['uid-0: approved', 0, 'uid-0'],
  ['superseded by deployment 3', 0, 'app'],
])('%j of person %i was said by %s', (words, subject, by) => {
  const record: ActRecord = { ...approved, subject };
  const [entry] = historyJson(
    [sampleDeployment(1)],
    [{ deployment: 1, record, signer: { kind: 'app' }, at: start, words }],
  ).deployments;
  expect(entry!.events[1]!.by).toBe(by);
});
