import { expect, test } from 'vitest';
import { notifiedEvents } from '../../src/model/note.ts';
import { noteToJson } from '../../src/report/note-json.ts';
import { noteToMail } from '../../src/report/note-mail.ts';
import { noteToPagerduty } from '../../src/report/note-pagerduty.ts';
import { noteToSlack } from '../../src/report/note-slack.ts';
import { noteToTeams } from '../../src/report/note-teams.ts';
import { noteTitle } from '../../src/report/note-words.ts';
import { hostile, noteOf } from '../support/notes.ts';

test.each([
  ['started', '🚚 acme/shop: aaaaaaa to production has begun'],
  ['awaiting-approval', '✋ acme/shop: aaaaaaa to production waits for an approval'],
  ['completed', '✅ acme/shop: aaaaaaa to production is completed'],
  ['failed', '❌ acme/shop: aaaaaaa to production has failed at build'],
  ['rolled-back', '↩️ acme/shop: aaaaaaa to production was rolled back'],
  ['out-of-sync', '⚠️ acme/shop: production differs from what was deployed'],
  ['agent-lost', '📡 acme/shop: aaaaaaa to production waits for a host that is silent'],
] as const)('the title of %s', (event, title) => {
  expect(noteTitle(noteOf({ event }))).toBe(title);
});

test('a rollback is called one', () => {
  const note = noteOf({ operation: 'rollback', event: 'completed' });
  expect(noteTitle(note)).toBe('✅ acme/shop: rollback of production to aaaaaaa is completed');
});

test('Slack: people’s words are plain text, and the signs of its markup are escaped', () => {
  const { text, blocks } = noteToSlack({ ...hostile, environment: '<!here>&' });
  expect(text).toContain('&lt;!here&gt;&amp;');
  const marked = JSON.stringify(blocks.filter(({ type }) => type === 'context'));
  expect(marked).toBe(
    '[{"type":"context","elements":[{"type":"mrkdwn","text":"<https://github.com/acme/shop/issues/3#issuecomment-9|Read on>","verbatim":true}]}]',
  );
  const others = blocks.filter(({ type }) => type !== 'context');
  expect(JSON.stringify(others)).not.toContain('mrkdwn');
});

test('Slack: a link cannot end itself', () => {
  const { blocks } = noteToSlack(noteOf({ link: 'https://x/a|b><!channel>' }));
  expect(JSON.stringify(blocks.at(-1))).toContain('<https://x/a%7Cb&gt;&lt;!channel&gt;|Read on>');
});

test('Teams: text runs alone, which know no Markdown', () => {
  const [{ content }] = noteToTeams(hostile).attachments;
  const types = new Set(
    content.body.flatMap(({ type, inlines }) => [type, ...inlines.map((run) => run.type)]),
  );
  expect([...types]).toEqual(['RichTextBlock', 'TextRun']);
  expect(content.actions).toEqual([
    { type: 'Action.OpenUrl', title: 'Read on', url: hostile.link },
  ]);
});

test('mail: a subject of one line, and a fact a line', () => {
  const { subject, text } = noteToMail(hostile);
  expect(subject).not.toMatch(/\p{C}/u);
  expect(text).toContain('By:          eve Bcc: everybody@example.org\n');
  expect(text).not.toMatch(/[^\P{C}\n]/u);
});

test.each([
  ['failed', 'trigger'],
  ['completed', 'resolve'],
] as const)('PagerDuty: %s is a %s, one incident an environment', (event, action) => {
  const first = noteToPagerduty(noteOf({ event }));
  expect(first).toMatchObject({
    event_action: action,
    dedup_key: 'sallyport/acme/shop/production',
  });
  const elsewhere = noteToPagerduty(noteOf({ event, environment: 'staging' }));
  expect(elsewhere?.dedup_key).not.toBe(first?.dedup_key);
});

test('PagerDuty is told of nothing else', () => {
  const others = notifiedEvents.filter((event) => event !== 'failed' && event !== 'completed');
  expect(others.map((event) => noteToPagerduty(noteOf({ event })))).toEqual(others.map(() => null));
});

test('JSON: the note as it is, its time as people and programs write it', () => {
  const { title, ...rest } = noteToJson(noteOf());
  expect(rest).toEqual({ ...noteOf(), at: '2026-01-01T00:00:00.000Z' });
  expect(title).toBe(noteTitle(noteOf()));
});

test('long words are cut, at no half character', () => {
  const [, section] = noteToSlack(noteOf({ message: '🙂'.repeat(500) })).blocks;
  const text = JSON.stringify(section);
  expect(text).toContain('🙂…');
  expect(text.isWellFormed()).toBe(true);
});
