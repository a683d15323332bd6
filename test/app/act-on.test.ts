import { expect, test } from 'vitest';
import { actOn } from '../../src/app/act-on.ts';
import { Worlds } from '../../src/app/worlds.ts';

test('a payload that is not as GitHub promises is told in a line, by its fields', async () => {
  const payload = { action: 'created', issue: { number: 'three' } };
  const acted = actOn(
    { event: 'issue_comment', payload },
    Object.create(Worlds.prototype) as Worlds,
  );
  await expect(acted).rejects.toMatchObject({
    code: 'payload_unexpected',
    message: expect.stringMatching(/^On issue_comment .*issue\.number: .*; comment: [^\n]*$/),
  });
});
