import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createLog, type LogOptions } from '../../../src/adapters/log/create-log.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const secret = 'p"ss/wörd+1';

function logWith(options: Partial<LogOptions>) {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text) };
  const log = createLog({ stream, clock: new VirtualClock(), ...options });
  return { log, lines };
}

test('away from a terminal each line is JSON', () => {
  const { log, lines } = logWith({});
  log.info('deployed', { deployment: 7, sha: null });
  log.error('line\nbreak', { at: 'web-1', level: 'top' });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      at: '2026-01-01T00:00:00.000Z',
      level: 'info',
      message: 'deployed',
      deployment: 7,
      sha: null,
    },
    {
      at: '2026-01-01T00:00:00.000Z',
      level: 'error',
      message: 'line\nbreak',
      fact_at: 'web-1',
      fact_level: 'top',
    },
  ]);
  expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
});

test('on a terminal it is prose, and nobody else moves the cursor', () => {
  const { log, lines } = logWith({ prose: true });
  log.warn('slow \u001b[2Jprobe\nfake', { slot: 'green', left: undefined });
  expect(stripVTControlCharacters(lines.join(''))).toBe(
    '00:00:00 slow  [2Jprobe fake slot=green\n',
  );
});

test.each([
  ['as it is', `token ${secret}!`],
  ['in a URL', `https://x:${encodeURIComponent(secret)}@host`],
  ['in base64', `Basic ${Buffer.from(secret).toString('base64')}`],
  ['quoted in JSON', JSON.stringify({ secret })],
  ['as one line of several', 'second-line-of-it'],
])('a secret %s is never written', (_form, text) => {
  for (const prose of [true, false]) {
    const { log, lines } = logWith({ prose, secrets: [secret, 'first-line\nsecond-line-of-it'] });
    log.info(text, { text });
    const written = lines.join('');
    expect(written).toContain('[redacted]');
    for (const form of [
      secret,
      encodeURIComponent(secret),
      'second-line',
      btoa('p"ss').slice(0, 5),
    ]) {
      expect(written).not.toContain(form);
    }
  }
});
