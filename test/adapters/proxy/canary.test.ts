import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endCanary, readCanary, setCanary } from '../../../src/adapters/proxy/canary.ts';
import type { RouteFolder } from '../../../src/adapters/proxy/route-folder.ts';

const canary = {
  slot: 'green',
  upstream: { host: '127.0.0.1', port: 8002 },
  share: 0.05,
  sticky: true,
};
let files: RouteFolder;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-canary-'));
  const [current, known, link, maintenance] = ['current', 'known', 'canary', 'maintenance'];
  files = {
    folder,
    current: join(folder, current),
    known: join(folder, known),
    canary: join(folder, link),
    maintenance: join(folder, maintenance),
  };
});
afterEach(() => rmSync(files.folder, { recursive: true, force: true }));

const prepared = () => readdirSync(join(files.folder, 'canaries'));

test('what a killed agent prepared and never put in force goes with the next canary, or its end', async () => {
  mkdirSync(join(files.folder, 'canaries', 'left', 'any', '00'), { recursive: true });
  await setCanary(files, canary);
  expect(await readCanary(files)).toEqual(canary);
  await setCanary(files, { ...canary, share: 0.5 });
  expect(prepared().map((name) => `canaries/${name}`)).toEqual([readlinkSync(files.canary)]);
  mkdirSync(join(files.folder, 'canaries', 'left'));
  await endCanary(files);
  expect([existsSync(files.canary), existsSync(join(files.folder, 'canaries'))]).toEqual([
    false,
    false,
  ]);
});

test('a canary whose text was lost can be read, set anew and ended', async () => {
  await setCanary(files, canary);
  writeFileSync(join(files.canary, 'canary.json'), '');
  expect(await readCanary(files)).toBeNull();
  await setCanary(files, canary);
  expect(await readCanary(files)).toEqual(canary);
  await endCanary(files);
  expect(await readCanary(files)).toBeNull();
});
