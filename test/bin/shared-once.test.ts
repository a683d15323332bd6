import { expect, test } from 'vitest';
import { sharedOnce } from '../../src/bin/shared-once.ts';

test('what was made is the same for everybody; what failed is made anew', async () => {
  let calls = 0;
  const shared = sharedOnce(async () => {
    calls += 1;
    if (calls === 1) throw new Error('the disk is full');
    return { calls };
  });
  await expect(Promise.all([shared(), shared()])).rejects.toThrow('the disk is full');
  const [first, second] = await Promise.all([shared(), shared()]);
  expect(first).toEqual({ calls: 2 });
  expect(second).toBe(first);
});
