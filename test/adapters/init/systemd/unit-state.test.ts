import { expect, test } from 'vitest';
import { parseUnitState } from '../../../../src/adapters/init/systemd/unit-state.ts';

const running = {
  LoadState: 'loaded',
  UnitFileState: 'enabled',
  ActiveState: 'active',
  SubState: 'running',
  MainPID: '4711',
  ExecMainCode: '0',
  ExecMainStatus: '0',
  Result: 'success',
};
const ended = { ...running, MainPID: '0', ExecMainCode: '1' };

test.each([
  ['one that runs', running, { running: true, pid: 4711, ended: null }],
  [
    'one that is not ready yet',
    { ...running, ActiveState: 'activating', SubState: 'start' },
    { running: true, pid: 4711, ended: null },
  ],
  [
    'one that waits for its next start',
    { ...ended, ActiveState: 'activating', SubState: 'auto-restart', ExecMainStatus: '3' },
    { running: false, pid: null, ended: 3 },
  ],
  [
    'one that was given up',
    { ...ended, ActiveState: 'failed', SubState: 'failed', ExecMainStatus: '1' },
    { running: false, pid: null, ended: 1 },
  ],
  [
    'one that was killed',
    { ...ended, ActiveState: 'failed', SubState: 'failed', ExecMainCode: '2', ExecMainStatus: '9' },
    { running: false, pid: null, ended: 'SIGKILL' },
  ],
  [
    'one that dumped its core',
    { ...ended, ActiveState: 'failed', ExecMainCode: '3', ExecMainStatus: '11' },
    { running: false, pid: null, ended: 'SIGSEGV' },
  ],
  [
    'one that nobody knows',
    { LoadState: 'not-found', ActiveState: 'inactive', MainPID: '0', ExecMainCode: '0' },
    { running: false, pid: null, ended: null },
  ],
])('the status of %s', (_case, values, status) => {
  expect(parseUnitState(shown(values)).status).toEqual(status);
});

test.each([
  ['active', false],
  ['activating', false],
  ['deactivating', false],
  ['inactive', true],
  ['failed', true],
])('a unit that is %s: nothing of it runs or is about to: %s', (state, isAtRest) => {
  expect(parseUnitState(shown({ ...running, ActiveState: state })).isAtRest).toBe(isAtRest);
});

test.each([
  ['226', 'exit-code (226: the sandbox)'],
  ['203', 'exit-code (203: executing the program)'],
  ['3', 'exit-code (3)'],
])('why it ended with %s, in words', (status, words) => {
  const values = { ...ended, ActiveState: 'failed', Result: 'exit-code', ExecMainStatus: status };
  expect(parseUnitState(shown(values)).result).toBe(words);
});

function shown(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}
