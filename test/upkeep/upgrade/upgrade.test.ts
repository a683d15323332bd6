import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateSigningKey } from '../../../src/model/keys.ts';
import { sign } from '../../../src/upkeep/upgrade/signature.ts';
import { goBack, upgrade, type UpgradeWorld } from '../../../src/upkeep/upgrade/upgrade.ts';
import { Versions } from '../../../src/upkeep/upgrade/versions.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const key = generateSigningKey();
let folder = '';
let prefix = '';
/** Versions whose agent never gets healthy. */
let broken: string[] = [];
let connected = true;
let told: string[] = [];
let starts: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sp-upgrade-'));
  prefix = join(folder, 'opt');
  mkdirSync(join(prefix, 'versions'), { recursive: true });
  [broken, told, starts, connected] = [[], [], [], true];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A package whose program prints what it calls itself; signed. */
async function pack(version: string, callsItself = version): Promise<string> {
  const tree = join(folder, 'stage', version);
  mkdirSync(join(tree, 'bin'), { recursive: true });
  const program = join(tree, 'bin/sallyport');
  writeFileSync(program, `#!/bin/sh\necho ${callsItself}\n`, { mode: 0o755 });
  const path = join(folder, `sallyport-${version}-linux-x64.tar.gz`);
  execFileSync('tar', ['-czf', path, '-C', join(folder, 'stage'), version]);
  writeFileSync(`${path}.sig`, await sign(path, version, key));
  return path;
}

function world(): UpgradeWorld {
  const clock = new VirtualClock();
  const run = async (words: readonly string[]) => {
    try {
      const stdout = execFileSync(words[0]!, words.slice(1), { encoding: 'utf8', stdio: 'pipe' });
      return { status: 0, stdout, stderr: '' };
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string };
      return { status, stdout: '', stderr };
    }
  };
  const versions = new Versions(prefix, { run });
  return {
    versions,
    trusted: [key.public],
    signatureOf: async (path) =>
      existsSync(`${path}.sig`) ? readFileSync(`${path}.sig`, 'utf8') : null,
    restart: async () => void starts.push((await versions.current())!),
    look: async () => {
      const version = (await versions.current()) ?? '0.0.0';
      return broken.includes(version) ? null : { version, connected };
    },
    clock,
    tell: (line) => void told.push(line),
  };
}

const notKept = { code: 'upgrade_failed' };

async function at(version: string): Promise<void> {
  await upgrade(await pack(version), false, world());
  starts = [];
}

test('a new version is unpacked beside the old one, and the agent is started as it', async () => {
  await at('1.0.0');
  const done = await upgrade(await pack('1.1.0'), false, world());
  expect(done).toEqual({ from: '1.0.0', to: '1.1.0', unchanged: false });
  expect(starts).toEqual(['1.1.0']);
  expect(execFileSync(join(prefix, 'current/bin/sallyport'), { encoding: 'utf8' })).toBe('1.1.0\n');
  expect(existsSync(join(prefix, 'versions/1.0.0'))).toBe(true);
  expect(existsSync(join(prefix, 'versions/.incoming'))).toBe(false);
});

test('the same version again changes nothing', async () => {
  await at('1.0.0');
  const done = await upgrade(await pack('1.0.0'), false, world());
  expect(done.unchanged).toBe(true);
  expect(starts).toEqual([]);
});

test('a version that does not get healthy within a minute is taken back', async () => {
  await at('1.0.0');
  broken = ['1.1.0'];
  await expect(upgrade(await pack('1.1.0'), false, world())).rejects.toMatchObject({
    code: 'upgrade_failed',
    message: expect.stringMatching(/did not answer within 60 s. 1.0.0 runs again/),
  });
  expect(starts).toEqual(['1.1.0', '1.0.0']);
  expect(await world().versions.current()).toBe('1.0.0');
});

test('a version that was not kept is not the one before, and is unpacked anew when it comes again', async () => {
  await at('1.0.0');
  await at('1.1.0');
  broken = ['1.2.0'];
  await expect(upgrade(await pack('1.2.0'), false, world())).rejects.toMatchObject(notKept);
  expect(await goBack(world())).toMatchObject({ from: '1.1.0', to: '1.0.0' });
  broken = [];
  const mended = join(prefix, 'versions/1.2.0/mended');
  writeFileSync(join(folder, 'stage/1.2.0/mended'), '');
  await at('1.2.0');
  expect(existsSync(mended)).toBe(true);
});

test('the one before may finish the step in hand for longer than a minute', async () => {
  await at('1.0.0');
  const slow = world();
  const start = slow.clock.now();
  const look = async () =>
    slow.clock.now() < start + 100_000
      ? { version: '1.0.0', connected: true }
      : { version: (await slow.versions.current())!, connected: true };
  const done = await upgrade(await pack('1.1.0'), false, { ...slow, look });
  expect(done).toMatchObject({ to: '1.1.0' });
});

test('where nothing could be reached before, a new version need not reach anything either', async () => {
  await at('1.0.0');
  connected = false;
  expect(await upgrade(await pack('1.1.0'), false, world())).toMatchObject({ to: '1.1.0' });
});

test.each([
  ['no signature', 'signature_missing', (path: string) => rmSync(`${path}.sig`)],
  ['another content', 'digest_mismatch', (path: string) => writeFileSync(path, 'else')],
  [
    'a signature of nobody',
    'signature_invalid',
    (path: string) => writeFileSync(`${path}.sig`, '{}'),
  ],
])('a package with %s changes nothing', async (_what, code, spoil) => {
  await at('1.0.0');
  const path = await pack('1.1.0');
  spoil(path);
  await expect(upgrade(path, false, world())).rejects.toMatchObject({ code });
  expect([await world().versions.current(), starts]).toEqual(['1.0.0', []]);
  expect(existsSync(join(prefix, 'versions/1.1.0'))).toBe(false);
});

test('a package that does not start here, or is another version, changes nothing', async () => {
  await at('1.0.0');
  const path = await pack('1.1.0', '1.1.1');
  await expect(upgrade(path, false, world())).rejects.toMatchObject({ code: 'package_invalid' });
  expect([await world().versions.current(), starts]).toEqual(['1.0.0', []]);
});

test('an older version comes only where that is said, or as the one before', async () => {
  await at('1.0.0');
  await at('1.1.0');
  const older = await pack('1.0.0');
  await expect(upgrade(older, false, world())).rejects.toMatchObject({ code: 'downgrade' });
  expect(await goBack(world())).toMatchObject({ from: '1.1.0', to: '1.0.0' });
  expect(await goBack(world())).toMatchObject({ to: '1.1.0' });
  expect(await upgrade(older, true, world())).toMatchObject({ to: '1.0.0' });
});

test('two versions are kept: the one that counts and the one before', async () => {
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await at(version);
  expect(existsSync(join(prefix, 'versions/1.0.0'))).toBe(false);
  expect(existsSync(join(prefix, 'versions/1.1.0'))).toBe(true);
  await expect(goBack(world())).resolves.toMatchObject({ to: '1.1.0' });
});

test('there is nothing before the first one', async () => {
  await at('1.0.0');
  await expect(goBack(world())).rejects.toMatchObject({ code: 'no_previous_version' });
});
