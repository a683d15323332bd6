import { expect, test } from 'vitest';
import { parseComment } from '../../src/command/parse-comment.ts';

function command(name: string, environment: string | null, params = {}, more = {}): object {
  return {
    line: 1,
    name,
    environment,
    ref: null,
    sha: null,
    flags: {},
    inputs: {},
    params,
    ...more,
  };
}

test.each([
  ['/plan production', command('plan', 'production')],
  ['/plan production v1.2', command('plan', 'production', {}, { ref: 'v1.2' })],
  ['/plan production @ABCDEF0', command('plan', 'production', {}, { sha: 'abcdef0' })],
  ['/approve', command('approve', null)],
  ['/approve production', command('approve', 'production')],
  ['/approve production 1A2B3C4D', command('approve', 'production', { digest: '1a2b3c4d' })],
  ['/approve sha256:1a2b3c4d5e', command('approve', null, { digest: '1a2b3c4d5e' })],
  ['/approve 1a2b3c4d', command('approve', null, { digest: '1a2b3c4d' })],
  ['/approve 1a2b3c4', command('approve', '1a2b3c4')],
  ['/reject', command('reject', null)],
  ['/reject production', command('reject', 'production')],
  ['/reject production too risky', command('reject', 'production', { reason: 'too risky' })],
  ["/reject production don't", command('reject', 'production', { reason: "don't" })],
  ['/reject "too  risky"', command('reject', null, { reason: 'too risky' })],
  ['/reject --reason="too risky"', command('reject', null, { reason: 'too risky' })],
  ['/reject --reason "too risky"', command('reject', null, { reason: 'too risky' })],
  ['/cancel production', command('cancel', 'production')],
  ['/lock production', command('lock', 'production')],
  [
    '/lock production a “quoted” word — Tom',
    command('lock', 'production', { reason: 'a quoted word — Tom' }),
  ],
  ['/lock production 5" disk', command('lock', 'production', { reason: '5" disk' })],
  ['/lock production "--now"', command('lock', 'production', { reason: '--now' })],
  ['/lock all --for 2h', command('lock', 'all', { for: '2h' })],
  ['/unlock production', command('unlock', 'production')],
  ['/unlock production --reason=done', command('unlock', 'production', { reason: 'done' })],
  ['/pause production', command('pause', 'production')],
  ['/pause production 2h', command('pause', 'production', { for: '2h' })],
  ['/pause production --for=2h', command('pause', 'production', { for: '2h' })],
  [
    '/pause production —for 30m —reason “a move”',
    command('pause', 'production', { for: '30m', reason: 'a move' }),
  ],
  [
    '/pause production 2h database moves',
    command('pause', 'production', { for: '2h', reason: 'database moves' }),
  ],
  [
    '/pause production database moves',
    command('pause', 'production', { reason: 'database moves' }),
  ],
  ['/resume production', command('resume', 'production')],
  [
    '/deploy production --force-quarantined --reason=now',
    command('deploy', 'production', { reason: 'now' }, { flags: { 'force-quarantined': true } }),
  ],
])('reads %j', (text, expected) => {
  expect(parseComment(text)).toEqual({ commands: [expected], errors: [] });
});

test.each([
  ['/plan', 'missing_environment'],
  ['/plan production main please', 'too_many_words'],
  ['/approve production 1a2b', 'invalid_digest'],
  ['/approve production xyz12345', 'invalid_digest'],
  ['/approve production 1a2b3c4d now', 'too_many_words'],
  ['/approve ../x', 'invalid_environment'],
  ['/reject ../x', 'invalid_environment'],
  ['/reject production why --reason=why', 'too_many_words'],
  [`/reject production ${'x'.repeat(256)}`, 'invalid_reason'],
  ['/cancel', 'missing_environment'],
  ['/cancel production now', 'too_many_words'],
  ['/lock', 'missing_environment'],
  ['/unlock production now', 'too_many_words'],
  ['/pause', 'missing_environment'],
  ['/pause production --for=soon', 'invalid_duration'],
  ['/pause production --for', 'invalid_flag'],
  ['/pause production --for --reason=x', 'invalid_flag'],
  ['/lock production --for=soon', 'invalid_duration'],
  ['/unlock production --for=2h', 'invalid_flag'],
  ['/lock production "open', 'invalid_quote'],
  ['/lock production --reason="open', 'invalid_quote'],
  ['/lock production "a"b', 'invalid_quote'],
])('refuses %j: %s', (text, code) => {
  expect(parseComment(text)).toMatchObject({ commands: [], errors: [{ line: 1, code }] });
});

test.each(['> /approve production', '```\n/approve production\n```', ' /reject', 'so /lock prod'])(
  'finds nothing in %j',
  (text) => {
    expect(parseComment(text)).toEqual({ commands: [], errors: [] });
  },
);
