import { expect, test } from 'vitest';
import { historyJson } from '../../src/report/history-json.ts';
import { historyText } from '../../src/report/history-text.ts';
import { statusJson } from '../../src/report/status-json.ts';
import { statusText } from '../../src/report/status-text.ts';
import { textWidth } from '../../src/report/text-width.ts';
import { textTable } from '../../src/report/text-table.ts';
import { sampleDeployment, sampleEnvironment, sampleJob, start } from './samples.ts';

const plain = { colour: false, width: 80, now: start + 65_000 };

test('status is a box of 80 columns, with each environment and its hosts', () => {
  const view = sampleEnvironment([sampleDeployment(2)]);
  const agent = {
    host: 'web-1',
    version: '0.1.0',
    since: new Date(start).toISOString(),
    source: 'git.example.org/shop.git, branch main',
    connected: true,
    connected_since: new Date(start).toISOString(),
    problem: null,
    last_sync: new Date(start + 60_000).toISOString(),
    watching: 'main at aaaaaaa',
    notes: { production: 'waits for a window' },
    next_poll: new Date(start + 80_000).toISOString(),
  };
  const text = statusText({ ...statusJson([{ view, seen: [] }]), agent }, plain);
  expect(text.split('\n').map((line) => line.replace(/ +│$/, ''))).toEqual([
    `╭─ sallyport on web-1 ${'─'.repeat(57)}╮`,
    '│ running    for 1 min 5 s, version 0.1.0',
    '│ source     git.example.org/shop.git, branch main',
    '│            connected for 1 min 5 s',
    '│ last sync  5 s ago, next poll in 15 s',
    '│ watching   main at aaaaaaa',
    `├${'─'.repeat(78)}┤`,
    '│ production  healthy  synced  aaaaaaa  1 min 0 s ago',
    '│   waits for a window',
    '│   web@web-1  unknown  aaaaaaa  done',
    `╰${'─'.repeat(78)}╯`,
  ]);
  expect(new Set(text.split('\n').map(textWidth))).toEqual(new Set([80]));
});

test('status shows what a target gave', () => {
  const view = sampleEnvironment([sampleDeployment(2)]);
  const outputs = { address: '10.0.0.1', zones: ['a', 'b'] };
  const net = { name: 'net', slot: null, version: 'v1', health: 'healthy' as const };
  const seen = [{ ...net, host: 'web-1', outputs }];
  const lines = statusText(statusJson([{ view, seen }]), plain).split('\n');
  expect(lines.map((line) => line.slice(2, -2).trimEnd())).toEqual(
    expect.arrayContaining(['    address = 10.0.0.1', '    zones = ["a","b"]']),
  );
});

test('status says who stopped the traffic by hand, and how to let it go', () => {
  const view = sampleEnvironment([sampleDeployment(2)]);
  const web = { name: 'web', slot: 'blue', version: 'v1', health: 'healthy' as const };
  const stops = [
    { kind: 'maintenance', text: 'Back at 18:00.\u001b[2J', by: 'ada', since: start },
    { kind: 'hold', forMs: 30_000, by: null, since: null },
  ] as const;
  const status = statusJson([{ view, seen: [{ ...web, host: 'web-1', stops }] }]);
  const [first, second] = status.environments[0]!.hosts[0]!.targets[0]!.stops!;
  expect([first, second]).toMatchObject([
    { kind: 'maintenance', seconds: null, by: 'ada', since: new Date(start).toISOString() },
    { kind: 'hold', message: null, seconds: 30, by: null, since: null },
  ]);
  const lines = statusText(status, plain).split('\n');
  expect(lines.map((line) => line.slice(2, -2).trimEnd()).slice(3, -1)).toEqual([
    '    maintenance by ada for 1 min 5 s: Back at 18:00.[2J',
    '      to end it: sallyport maintenance production web --off',
    '    requests are held, each for 30 s at the most',
    '      to end it: sallyport hold production web --off',
  ]);
});

test('status says what an environment waits for, and what people said', () => {
  const waiting = sampleDeployment(3, {
    job: sampleJob({ sha: 'b'.repeat(40) }),
    state: 'pending',
    over: false,
    endedAt: null,
  });
  const pause = { by: 'mona', reason: 'an incident', since: start, until: start + 7_200_000 };
  const view = sampleEnvironment([sampleDeployment(2), waiting], {
    facts: { lock: null, pause, held: [{ host: 'web-1', since: start }], quarantined: [] },
  });
  const wait = {
    deployment: 3,
    reason: 'window_closed',
    message: 'no window is open',
    until: start + 3_600_000,
  } as const;
  const text = statusText(statusJson([{ view, seen: [], wait }]), plain);
  expect(text).toContain('held  aaaaaaa → bbbbbbb');
  expect(text).toContain('waits: no window is open (deployment 3), until 2026-05-01 13:00Z');
  expect(text).toContain('paused by mona: an incident, until 2026-05-01 14:00Z');
  expect(text).toContain('held: web-1');
});

test('what to type next is never cut off, however long the words before it are', () => {
  const view = sampleEnvironment([sampleDeployment(2)]);
  const why = 'branch main was rewritten: bbbbbbb does not follow aaaaaaa, the newest commit';
  const agent = {
    host: 'web-1',
    version: '0.1.0',
    since: new Date(start).toISOString(),
    source: `/srv/${'deep/'.repeat(10)}shop.git, branch main`,
    connected: true,
    connected_since: new Date(start).toISOString(),
    problem: null,
    last_sync: null,
    watching: null,
    notes: { production: `${why} handled here. To take it: sallyport sync production` },
    next_poll: null,
  };
  const text = statusText({ ...statusJson([{ view, seen: [] }]), agent }, plain);
  const words = text.replaceAll(/[│\s]+/g, ' ');
  expect(words).toContain('To take it: sallyport sync production');
  expect(words).toContain('shop.git, branch main');
  expect(new Set(text.split('\n').map(textWidth))).toEqual(new Set([80]));
});

test('nothing that is told takes more than a few lines', () => {
  const view = sampleEnvironment([sampleDeployment(2)]);
  const wait = { deployment: 3, reason: 'gate_closed', message: 'so '.repeat(1_000), until: null };
  const text = statusText(
    statusJson([{ view, seen: [], wait: { ...wait, reason: 'queued' } }]),
    plain,
  );
  expect(text.split('\n').length).toBeLessThan(12);
  expect(text).toContain('…');
});

test('colours come only where they are asked for', () => {
  const status = statusJson([{ view: sampleEnvironment([sampleDeployment(2)]), seen: [] }]);
  expect(statusText(status, plain)).not.toContain('\u001B');
  expect(statusText(status, { ...plain, colour: true })).toContain('\u001B[32mhealthy');
});

test('history shows a line a deployment', () => {
  const job = sampleJob({ params: { reason: 'the new map' } });
  expect(historyText(historyJson([sampleDeployment(2, { job })], []))).toBe(
    [
      'id  when              what    commit   state      by    why',
      '2   2026-05-01 12:00  deploy  aaaaaaa  completed  mona  the new map',
    ].join('\n'),
  );
});

test('nothing yet is said in words', () => {
  expect(statusText(statusJson([]), plain)).toContain('Nothing was deployed yet.');
  expect(historyText(historyJson([], []))).toBe('Nothing was deployed yet.');
});

test('no line is wider than the terminal, and no cell can move the cursor', () => {
  const table = textTable(['a', 'b'], [['x\u001B[2J\n', 'y'.repeat(200)]]);
  expect(Math.max(...table.split('\n').map((line) => line.length))).toBe(80);
  expect(table).not.toContain('\u001B');
});
