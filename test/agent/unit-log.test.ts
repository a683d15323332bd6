import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unitLogger, unitLogPath } from '../../src/agent/unit-log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'sallyport-log-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const refused = {
  kind: 'unit-refused',
  deployment: 7,
  unit: 'web@web-1',
  reason: 'config_invalid',
  message: 'bad\n2026-01-01T00:00:00.000Z web@web-1 ended: done',
  details: ['\u001b[2Jgone'],
} as const;

test("nobody's text begins a line of its own, nor moves the cursor of whoever reads it", () => {
  const failures: unknown[] = [];
  unitLogger(state, new VirtualClock(1), (error) => failures.push(error))(refused);
  const lines = readFileSync(unitLogPath(state, 7), 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toMatch(/\p{Cc}/u);
  expect(failures).toEqual([]);
});

test('a log that cannot be written is told of, and stops nobody', () => {
  const failures: unknown[] = [];
  const write = unitLogger(state, new VirtualClock(1), (error) => failures.push(error));
  rmSync(state, { recursive: true });
  write(refused);
  expect(failures).toMatchObject([{ code: 'ENOENT' }]);
});
