import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseComment } from '../../src/command/parse-comment.ts';

const none = { commands: [], errors: [] };

function command(name: string, more: object = {}): object {
  return {
    line: 1,
    name,
    environment: null,
    ref: null,
    sha: null,
    flags: {},
    inputs: {},
    params: {},
    ...more,
  };
}

const sha = 'a'.repeat(40);

test.each([
  ['/help', command('help')],
  ['/status', command('status')],
  ['/status production', command('status', { environment: 'production' })],
  ['/deploy production', command('deploy', { environment: 'production' })],
  ['/deploy production v1.2', command('deploy', { environment: 'production', ref: 'v1.2' })],
  ['/deploy production feat/x', command('deploy', { environment: 'production', ref: 'feat/x' })],
  ['/deploy production @ABCDEF0', command('deploy', { environment: 'production', sha: 'abcdef0' })],
  [`/deploy production ${sha}`, command('deploy', { environment: 'production', sha })],
  ['/rollback staging', command('rollback', { environment: 'staging' })],
  ['/rollback staging @abc1234', command('rollback', { environment: 'staging', sha: 'abc1234' })],
  ['/deploy\u00a0production\u00a0', command('deploy', { environment: 'production' })],
  ['/deploy \t production\r\n', command('deploy', { environment: 'production' })],
  ['/deploy\u202fproduction\u2007', command('deploy', { environment: 'production' })],
  ['\ufeff/deploy\ufeffproduction', command('deploy', { environment: 'production' })],
  [
    '/deploy production --sha ABCDEF0',
    command('deploy', { environment: 'production', sha: 'abcdef0' }),
  ],
  [
    '/deploy production --sha=@abcdef0',
    command('deploy', { environment: 'production', sha: 'abcdef0' }),
  ],
  [
    '/deploy production --stage',
    command('deploy', { environment: 'production', flags: { stage: true } }),
  ],
  ['/switch production', command('switch', { environment: 'production', target: null })],
  [
    '/switch production web',
    command('switch', { environment: 'production', target: 'web', params: { target: 'web' } }),
  ],
  [
    `/switch production @${sha}`,
    command('switch', { environment: 'production', target: null, sha }),
  ],
  [
    '/switch production web v1.4.0 --reason "tiles are missing"',
    command('switch', {
      environment: 'production',
      target: 'web',
      ref: 'v1.4.0',
      params: { target: 'web', reason: 'tiles are missing' },
    }),
  ],
  [
    '/promote staging production',
    command('promote', { environment: 'production', from: 'staging', params: { from: 'staging' } }),
  ],
  [
    '/deploy production --plan-only | replicas=3 note="two  words" x=',
    command('deploy', {
      environment: 'production',
      flags: { 'plan-only': true },
      inputs: { replicas: '3', note: 'two  words', x: '' },
    }),
  ],
  [
    '/plan production |a=b|c=d',
    command('plan', { environment: 'production', inputs: { a: 'b|c=d' } }),
  ],
  [
    '/lock production a | b',
    command('lock', { environment: 'production', params: { reason: 'a | b' } }),
  ],
  ['/deploy production <!-- soon -->', command('deploy', { environment: 'production' })],
  [
    '/deploy --force production --only=web',
    command('deploy', { environment: 'production', flags: { force: true, only: 'web' } }),
  ],
  [
    '/deploy production —force',
    command('deploy', { environment: 'production', flags: { force: true } }),
  ],
])('reads %j', (text, expected) => {
  expect(parseComment(text)).toEqual({ commands: [expected], errors: [] });
});

test('reads one command a line, with its line', () => {
  const { commands, errors } = parseComment('Hi!\n\n/deploy a\r\ntext\r/rollback b\n/status');
  expect(errors).toEqual([]);
  expect(commands.map(({ line, name }) => [line, name])).toEqual([
    [3, 'deploy'],
    [5, 'rollback'],
    [6, 'status'],
  ]);
});

test.each([
  ['no slash', 'deploy production'],
  ['in the middle of a line', 'please /deploy production'],
  ['behind spaces', ' /deploy production'],
  ['in a quote', '> /deploy production'],
  ['in a paragraph that a quote began', '> so:\n/deploy production\nand\n/help'],
  ['in a fence', '```\n/deploy production\n```'],
  ['in a fence with a language', '```sh\n/deploy production\n```'],
  ['in a fence of tildes', '~~~\n/deploy production\n~~~'],
  ['in an indented fence', '   ```\n/deploy production\n   ```'],
  ['in a fence that never closes', '```\n/deploy production'],
  ['in a long fence, behind a short one', '````\n```\n/deploy production\n````'],
  ['in a fence, behind the other kind', '```\n~~~\n/deploy production\n```'],
  ['in a fence, behind what only looks like its end', '```\n``` x\n/deploy production\n```'],
  ['in indented code', '    /deploy production\n\t/deploy production'],
  ['in an HTML comment', '<!--\n/deploy production\n-->'],
  ['in a comment that begins in text', 'so: <!-- a\n/deploy production\n--> b'],
  ['in a comment that never closes', '<!--\n/deploy production'],
  ['behind the end of a comment', '<!-- a\n-->/deploy production'],
  ['in preformatted HTML', '<pre>\n/deploy production\n</pre>'],
  ['a path', '/usr/bin/env node\n/etc/hosts\n/deploy/production'],
  ['a word far from any command', '/etc\n/tmp\n/usr\n/home\n/var\n/root\n/run\n/api\n/shrug'],
  ['a word with a mark', '/deploy: production\n/help! me'],
  ['a slash', '/\n//\n/ deploy production'],
])('finds nothing %s', (_, text) => {
  expect(parseComment(text)).toEqual(none);
});

test.each([
  ['behind a closed fence', '```\nx\n```\n/help', 4],
  ['behind a comment', '<!-- x -->\n/help', 2],
  ['behind a comment over lines', '<!--\nx\n-->\n/help', 4],
  ['behind a code span with the start of a comment', 'write `<!--` there\n/help', 2],
  ['behind inline code of three marks', '```x``` is code\n/help', 2],
  ['behind a quote', '> quoted\n\n/help', 3],
  ['behind a quote that ends empty', '> quoted\n>\n/help', 3],
  ['behind a fence behind a quote', '> quoted\n```\n```\n/help', 4],
])('finds a command %s', (_, text, line) => {
  expect(parseComment(text)).toEqual({ commands: [{ ...command('help'), line }], errors: [] });
});

test.each([
  ['/depoly production', 'unknown_command', '/deploy'],
  ['/Deploy production', 'unknown_command', '/deploy'],
  ['/rolback production', 'unknown_command', '/rollback'],
  ['/hlep', 'unknown_command', '/help'],
  ['/aprove', 'unknown_command', '/approve'],
  ['/promote staging', 'missing_environment', undefined],
  ['/promote staging staging', 'invalid_environment', undefined],
  ['/promot a b', 'unknown_command', '/promote'],
  ['/deploy production --forse', 'invalid_flag', '--force'],
  ['/deploy production --force=1', 'invalid_flag', undefined],
  ['/status --force', 'invalid_flag', undefined],
  [`/deploy production main --sha ${sha}`, 'too_many_words', undefined],
  ['/switch', 'missing_environment', undefined],
  ['/switch production web main more', 'too_many_words', undefined],
  ['/switch production web @xyz', 'invalid_sha', undefined],
  ['/switch production a..b', 'invalid_ref', undefined],
  [`/switch production web main --sha ${sha}`, 'too_many_words', undefined],
  ['/swich production', 'unknown_command', '/switch'],
  ['/plna production', 'unknown_command', '/plan'],
  ['/cancle production', 'unknown_command', '/cancel'],
  ['/paus production', 'unknown_command', '/pause'],
  ['/ulock production', 'unknown_command', '/lock'],
  ['/deploy', 'missing_environment', undefined],
  ['/deploy --force', 'missing_environment', undefined],
  ['/deploy __proto__', 'invalid_environment', undefined],
  ['/deploy ../etc', 'invalid_environment', undefined],
  [`/deploy ${'x'.repeat(64)}`, 'invalid_environment', undefined],
  ['/deploy production @xyz', 'invalid_sha', undefined],
  ['/deploy production @abc', 'invalid_sha', undefined],
  ['/deploy production a..b', 'invalid_ref', undefined],
  ['/deploy production -u', 'invalid_ref', undefined],
  ['/deploy production a:b', 'invalid_ref', undefined],
  [`/deploy production ${'x'.repeat(256)}`, 'invalid_ref', undefined],
  ['/deploy production main please', 'too_many_words', undefined],
  ['/status production now', 'too_many_words', undefined],
  ['/help me', 'too_many_words', undefined],
  ['/deploy production | __proto__=1', 'invalid_parameter', undefined],
  ['/deploy production | constructor=1', 'invalid_parameter', undefined],
  ['/deploy production | Replicas=1', 'invalid_parameter', undefined],
  ['/deploy production | a=1 a=2', 'invalid_parameter', undefined],
  ['/deploy production | a="b', 'invalid_parameter', undefined],
  ['/deploy production | a', 'invalid_parameter', undefined],
  ['/deploy production | a=\0', 'invalid_parameter', undefined],
  [`/deploy production | a=${'x'.repeat(1025)}`, 'invalid_parameter', undefined],
  ['/deploy production --__proto__=1', 'invalid_flag', undefined],
  ['/deploy production --X', 'invalid_flag', undefined],
  ['/deploy production --only=a --only=b', 'duplicate_flag', undefined],
])('refuses %j: %s', (text, code, meant) => {
  const { commands, errors } = parseComment(text);
  expect(commands).toEqual([]);
  expect(errors).toMatchObject([{ line: 1, code }]);
  expect(errors[0]!.did_you_mean).toBe(meant);
});

test('reads nothing of a comment with more commands than a person types', () => {
  expect(parseComment('/deploy production\n'.repeat(10)).commands).toHaveLength(10);
  const { commands, errors } = parseComment('/deploy production\n'.repeat(11));
  expect(commands).toEqual([]);
  expect(errors).toMatchObject([{ line: 11, code: 'too_many_commands' }]);
});

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '/deploy ',
        '/',
        '--',
        '<!--',
        '-->',
        '```',
        '`',
        '> ',
        '\n',
        '\r\n',
        '@',
        ' ',
      ),
      fc.constantFrom(
        '|',
        ' | ',
        'a=1',
        '__proto__=',
        'note="',
        '__proto__',
        'constructor',
        'production',
        '\u00a0',
        '\0',
        '—',
        '<pre>',
      ),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

test('never throws, never names what it could not read, leaves prototypes alone', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { commands, errors } = parseComment(text);
      for (const { environment, line, inputs } of commands) {
        expect(environment ?? 'x').toMatch(/^[A-Za-z0-9][\w.-]*$/);
        expect(text.split(/\r\n|\n|\r/)[line - 1]).toMatch(/^\uFEFF*\//);
        for (const [name, value] of Object.entries(inputs)) {
          expect(name).toMatch(/^[a-z][a-z0-9_]{0,39}$/);
          expect(name in Object.prototype || value.length > 1024).toBe(false);
        }
      }
      expect(commands.length + errors.length).toBeLessThanOrEqual(10);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
  );
});

test.each([
  '<!--',
  '-->',
  '`',
  '`<!--',
  '```\n',
  '/',
  '/deploy ',
  '/deploy x\n',
  '--a=',
  '\u00a0',
  ' ',
  '<!-- -->',
  '|',
  '| a=1 ',
  '| a="',
  '> x\n',
])('reads the longest comment of %j at once', (part) => {
  const text = `/deploy production ${part.repeat(65_536 / part.length)}`;
  const began = performance.now();
  parseComment(text);
  // A few milliseconds; a reader that is quadratic takes many seconds.
  expect(performance.now() - began).toBeLessThan(2_000);
});
