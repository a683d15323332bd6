import { expect, test } from 'vitest';
import { installApp, installed, shop, startLab } from './lab.ts';

async function withIssue() {
  const lab = await startLab();
  const { installation } = installApp(lab);
  lab.github.openIssue('acme/shop', 'acme', 'Talk');
  return { lab, bot: await installed(lab, installation) };
}

test('comments are made, read, edited and listed, oldest first', async () => {
  const { lab, bot } = await withIssue();
  lab.github.comment('acme/shop', 1, 'acme', '/deploy production');
  const made = await bot.rest.issues.createComment({ ...shop, issue_number: 1, body: 'Working' });
  lab.time.now += 5000;
  await bot.rest.issues.updateComment({ ...shop, comment_id: made.data.id, body: 'Done' });
  const { data } = await bot.rest.issues.listComments({ ...shop, issue_number: 1 });
  expect(data.map(({ body }) => body)).toEqual(['/deploy production', 'Done']);
  expect(data[1]?.created_at).toBe('2026-03-01T12:00:00Z');
  expect(data[1]?.updated_at).toBe('2026-03-01T12:00:05Z');
  const issue = await bot.rest.issues.get({ ...shop, issue_number: 1 });
  expect(issue.data.comments).toBe(2);
});

test('somebody who may only read does not edit what others wrote', async () => {
  const { lab } = await withIssue();
  const comment = lab.github.comment('acme/shop', 1, 'acme', 'Mine');
  const alice = lab.person('alice');
  lab.github.collaborator('acme/shop', 'alice', 'read');
  const edit = { ...shop, comment_id: comment.id, body: 'Yours' };
  await expect(alice.rest.issues.updateComment(edit)).rejects.toMatchObject({ status: 403 });
});

test('a reaction twice is one reaction', async () => {
  const { lab, bot } = await withIssue();
  const comment = lab.github.comment('acme/shop', 1, 'acme', '/deploy production');
  const react = { ...shop, comment_id: comment.id, content: 'eyes' as const };
  expect((await bot.rest.reactions.createForIssueComment(react)).status).toBe(201);
  expect((await bot.rest.reactions.createForIssueComment(react)).status).toBe(200);
  const { data } = await bot.rest.reactions.listForIssueComment({
    ...shop,
    comment_id: comment.id,
  });
  expect(data.map(({ content, user }) => [content, user?.login])).toEqual([
    ['eyes', 'sallyport[bot]'],
  ]);
  const shown = await bot.rest.issues.getComment({ ...shop, comment_id: comment.id });
  expect(shown.data.reactions).toMatchObject({ total_count: 1, eyes: 1 });
});

test('a comment has a body, of 65,536 characters at most', async () => {
  const lab = await startLab({ lawful: false });
  const owner = lab.person('acme');
  lab.github.openIssue('acme/shop', 'acme', 'Talk');
  const post = (body: string) =>
    owner.rest.issues.createComment({ ...shop, issue_number: 1, body });
  await post('x'.repeat(65_536));
  await expect(post('x'.repeat(65_537))).rejects.toMatchObject({ status: 422 });
  await expect(post('')).rejects.toMatchObject({ status: 422 });
});
