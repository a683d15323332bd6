import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateSigningKey } from '../../../src/model/keys.ts';
import { sign, verify } from '../../../src/upkeep/upgrade/signature.ts';

const [ours, theirs] = [generateSigningKey(), generateSigningKey()];
let folder = '';
let path = '';
let text = '';
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sp-sign-'));
  path = join(folder, 'sallyport-1.2.0-linux-x64.tar.gz');
  writeFileSync(path, 'what is packed');
  text = await sign(path, '1.2.0', ours);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a package that a trusted key signed is what its signature says', async () => {
  const keys = [theirs.public, ours.public];
  expect(await verify(path, text, keys)).toMatchObject({ version: '1.2.0', bytes: 14 });
});

test('a package that was changed by a byte is refused, whatever its length', async () => {
  writeFileSync(path, 'what is hacked');
  await expect(verify(path, text, [ours.public])).rejects.toMatchObject({
    code: 'digest_mismatch',
  });
  appendFileSync(path, '!');
  await expect(verify(path, text, [ours.public])).rejects.toMatchObject({
    code: 'digest_mismatch',
  });
});

const altered = (find: string | RegExp, by: string) => () => text.replace(find, by);
test.each([
  ['another version', altered('"1.2.0"', '"9.9.9"')],
  ['another digest', altered(/"sha256": "../, '"sha256": "ff')],
  ['a key that is not the one that signed', altered(ours.public.id, theirs.public.id)],
  ['no JSON', () => 'not JSON'],
  ['nothing', () => ''],
  ['a version that would leave its folder', altered('"1.2.0"', '"../../etc"')],
  ['a field more', altered('"schema": 1', '"schema": 1, "more": true')],
])('a signature with %s is refused', async (_what, change) => {
  const keys = [ours.public, theirs.public];
  const changed = change();
  expect(changed).not.toBe(text);
  await expect(verify(path, changed, keys)).rejects.toMatchObject({ exit: 3 });
});

test('without a trusted key nothing is believed', async () => {
  await expect(verify(path, text, [])).rejects.toMatchObject({ code: 'signature_invalid' });
  await expect(verify(path, text, [theirs.public])).rejects.toMatchObject({
    code: 'signature_invalid',
  });
});
