import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  helpComment,
  misreadComment,
  refusalComment,
  statusComment,
  workingComment,
} from '../../src/report/answer-markdown.ts';
import { deploymentComment } from '../../src/report/deployment-markdown.ts';
import { codeBlock, codeSpan, maxComment, plainText, prose } from '../../src/report/escape.ts';
import { statusJson } from '../../src/report/status-json.ts';
import { sampleDeployment, sampleEnvironment, sampleJob, sha, start } from './samples.ts';

const repositoryUrl = 'https://github.com/acme/shop';

test('the answer tells state, commit, host, and what to type next', () => {
  const view = sampleDeployment(42);
  const body = deploymentComment({ view, repositoryUrl, note: null, behind: null });
  expect(body).toContain('<!-- sallyport deployment=42 -->');
  expect(body).toContain('✅ deploy to `production`: **completed** after 5 s');
  expect(body).toContain(`[\`aaaaaaa\`](https://github.com/acme/shop/commit/${sha})`);
  expect(body).toContain('| `web-1` | `web` | done |  | 5 s |');
  expect(body).toContain('`/rollback production`');
});

test('a failure tells why, and what the host said', () => {
  const view = sampleDeployment(42, {
    state: 'rolled-back',
    reason: 'unhealthy',
    units: [
      {
        target: 'web',
        host: 'web-1',
        wave: 0,
        state: 'rolled-back',
        reason: 'unhealthy',
        at: start + 9000,
      },
    ],
  });
  const body = deploymentComment({ view, repositoryUrl, note: 'probe: ```500```', behind: null });
  expect(body).toContain('**rolled-back**, unhealthy');
  expect(body).toContain('````text\nprobe: ```500```\n````');
});

test('one that waits says for whom', () => {
  const behind = { deployment: 41, ref: 'main', by: 'ada' };
  const view = sampleDeployment(42, { state: 'pending', over: false, endedAt: null });
  expect(deploymentComment({ view, repositoryUrl, note: null, behind })).toContain(
    'waits behind deployment 41 of `main` by `ada`',
  );
});

const hostile = '@acme/ops <img src=x onerror=alert(1)> ``` [x](http://evil) | #1 \u202Egnp';

test('what people wrote can neither mention, link, nor become HTML', () => {
  const bodies = [
    refusalComment({ words: hostile, message: hostile, hint: hostile }),
    misreadComment([{ line: 1, message: hostile }]),
    workingComment(hostile),
    helpComment([{ usage: hostile, summary: hostile }], [hostile]),
    deploymentComment({
      view: sampleDeployment(1, { job: sampleJob({ ref: hostile }) }),
      repositoryUrl,
      note: null,
      behind: null,
    }),
  ];
  for (const body of bodies) {
    const outsideCode = body.replace(/(`+)(?:(?!\1)[^])*?[^`]\1(?!`)/g, '');
    expect(outsideCode).not.toMatch(/@|<img|\]\(http:\/\/evil/);
    expect(body).not.toContain('\u202E');
  }
});

test('a code span ends where it should, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\n', '|') }), (text) => {
      const span = codeSpan(text);
      const fence = /^`+/.exec(span)![0];
      const inner = span.slice(fence.length, -fence.length);
      expect(span.endsWith(fence)).toBe(true);
      expect(inner.match(/`+/g) ?? []).not.toContain(fence);
      expect(span).not.toContain('\n');
    }),
  );
});

test('a code block ends where it should, whatever is in it', () => {
  const block = codeBlock(['a', '````', 'b']);
  expect(block.split('\n')[0]).toBe('`````text');
});

test('plain text keeps its words', () => {
  expect(plainText('web-1 is up.')).toBe('web-1 is up.');
});

test('a sentence keeps its code, and what is in it stays code or text', () => {
  expect(prose('There is no `/depoly`.')).toBe('There is no `/depoly`.');
  expect(prose('a ` @b')).toBe('a `@b`');
  expect(prose('a ` b ` @c')).not.toContain('@');
});

test('no comment is longer than GitHub takes', () => {
  const message = 'x'.repeat(70_000);
  expect(refusalComment({ words: '/deploy', message, hint: null })).toHaveLength(maxComment);
});

test('status is a row an environment', () => {
  const view = sampleEnvironment([sampleDeployment(2)]);
  expect(statusComment(statusJson([{ view, seen: [] }]).environments)).toContain(
    '| `production` | healthy | synced | `aaaaaaa` | 2026-05-01T12:00:05.000Z | `web-1` done |',
  );
});
