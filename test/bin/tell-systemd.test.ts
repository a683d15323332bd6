import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tellSystemd } from '../../src/bin/tell-systemd.ts';

const said: string[] = [];
const notify = (words: readonly string[], socket: string): void =>
  void said.push(`${socket} ${words.join(' ')}`);

beforeEach(() => {
  said.length = 0;
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('systemd is told when it does its work, three times in each watchdog time that it lives, and that it ends', () => {
  const manager = tellSystemd({ NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '60000000' }, notify);
  expect(said).toEqual([]);
  manager.ready();
  vi.advanceTimersByTime(60_000);
  manager.stopping();
  vi.advanceTimersByTime(60_000);
  const alive = '/n WATCHDOG=1';
  expect(said).toEqual(['/n READY=1', alive, alive, alive, '/n STOPPING=1']);
});

test('an agent that is stuck is not said to live', () => {
  const passed: number[] = [];
  tellSystemd({ NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '60000000' }, notify).ready((ms) => {
    passed.push(ms);
    return passed.length < 2;
  });
  vi.advanceTimersByTime(60_000);
  expect(said).toEqual(['/n READY=1', '/n WATCHDOG=1']);
  expect(passed).toEqual([20_000, 20_000, 20_000]);
});

test('programs that it starts cannot speak for it', () => {
  const env = { NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '1', WATCHDOG_PID: '1', HOME: '/' };
  tellSystemd(env, notify);
  expect(env).toEqual({ HOME: '/' });
});

test('a watchdog that is another process’s gets no word; without systemd nobody does', () => {
  tellSystemd({ NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '1000', WATCHDOG_PID: '1' }, notify).ready();
  const nobody = tellSystemd({ WATCHDOG_USEC: '1000' }, notify);
  nobody.ready();
  nobody.stopping();
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual(['/n READY=1']);
});
