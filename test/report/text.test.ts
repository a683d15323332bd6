import { expect, test } from 'vitest';
import { historyJson } from '../../src/report/history-json.ts';
import { historyText } from '../../src/report/history-text.ts';
import { statusJson } from '../../src/report/status-json.ts';
import { statusText } from '../../src/report/status-text.ts';
import { textTable } from '../../src/report/text-table.ts';
import { sampleDeployment, sampleEnvironment } from './samples.ts';

test('status shows each environment with its hosts', () => {
  const view = sampleEnvironment([sampleDeployment(2)]);
  expect(statusText(statusJson([{ view, seen: [] }]))).toBe(
    [
      'environment  health   state   commit   since',
      'production   healthy  synced  aaaaaaa  2026-05-01T12:00:05.000Z',
      '  web-1      unknown  done    aaaaaaa  web',
    ].join('\n'),
  );
});

test('history shows a line a deployment', () => {
  expect(historyText(historyJson([sampleDeployment(2)], []))).toBe(
    [
      'id  when              environment  what    commit   state      by',
      '2   2026-05-01 12:00  production   deploy  aaaaaaa  completed  mona',
    ].join('\n'),
  );
});

test('nothing yet is said in words', () => {
  expect(statusText(statusJson([]))).toBe('Nothing was deployed yet.');
  expect(historyText(historyJson([], []))).toBe('Nothing was deployed yet.');
});

test('no line is wider than the terminal, and no cell can move the cursor', () => {
  const table = textTable(['a', 'b'], [['x\u001B[2J\n', 'y'.repeat(200)]]);
  expect(Math.max(...table.split('\n').map((line) => line.length))).toBe(80);
  expect(table).not.toContain('\u001B');
});
