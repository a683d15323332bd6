import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { enrolment, hostKeyPath, makeHostKey, readHostKey } from '../../src/agent/host-key.ts';
import { parseRepositoryConfig } from '../../src/config/parse.ts';

let state: string;

beforeEach(() => {
  state = join(mkdtempSync(join(tmpdir(), 'sallyport-key-')), 'state');
});

afterEach(() => rmSync(join(state, '..'), { recursive: true }));

test('the key is made for its owner alone, and read again', async () => {
  const made = await makeHostKey(state, false);
  expect(statSync(hostKeyPath(state)).mode & 0o777).toBe(0o600);
  expect((await readHostKey(state)).public.text).toBe(made.public.text);
});

test('a key is replaced only when that is asked for', async () => {
  await makeHostKey(state, false);
  const before = readFileSync(hostKeyPath(state), 'utf8');
  await expect(makeHostKey(state, false)).rejects.toMatchObject({ code: 'key_exists' });
  expect(readFileSync(hostKeyPath(state), 'utf8')).toBe(before);
  const after = await makeHostKey(state, true);
  expect((await readHostKey(state)).public.id).toBe(after.public.id);
});

test('a key that others may read, or that is not there, is refused', async () => {
  await expect(readHostKey(state)).rejects.toMatchObject({ code: 'key_missing' });
  await makeHostKey(state, false);
  chmodSync(hostKeyPath(state), 0o640);
  await expect(readHostKey(state)).rejects.toMatchObject({ code: 'key_exposed' });
});

test('the line that it prints enrols the host', async () => {
  const line = enrolment('web-1', await makeHostKey(state, false), ['production']);
  expect(parseRepositoryConfig(`version: 1\nagents:\n  ${line}\n`, 'x')).toMatchObject({
    ok: true,
    config: { agents: { 'web-1': { environments: ['production'] } } },
  });
});
