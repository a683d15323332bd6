import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openGit } from '../../../../src/adapters/git/open-git.ts';
import { sshCommand } from '../../../../src/adapters/git/program/ssh.ts';
import { GitRepository } from '../../../support/git-repository.ts';
import { sshd, startSshServer, type SshServer } from '../../../support/ssh-server.ts';

if (sshd === undefined && process.env['CI'])
  throw new Error('CI has no OpenSSH server to test with');

const root = mkdtempSync(join(tmpdir(), 'sallyport-ssh-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('with a key and known hosts, nothing of the user’s own ssh counts', () => {
  const command = sshCommand({ key: '/k', knownHosts: '/hosts of ours' });
  for (const part of [
    '-F /dev/null',
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    `'-oIdentityFile="/k"'`,
    `'-oUserKnownHostsFile="/hosts of ours"'`,
  ]) {
    expect(command).toContain(part);
  }
  expect(sshCommand({})).not.toContain('/dev/null');
});

test.each<[string, (path: string) => void, string]>([
  ['a key that is not there', () => {}, 'ssh_key_missing'],
  [
    'a key that others may read',
    (path) => writeFileSync(path, 'k', { mode: 0o644 }),
    'ssh_key_exposed',
  ],
])('%s is refused before anything is asked', async (name, make, code) => {
  const key = join(root, name.replaceAll(' ', '-'));
  make(key);
  const opening = openGit({ dir: join(root, 'no'), url: 'git@127.0.0.1:a.git', ssh: { key } });
  await expect(opening).rejects.toMatchObject({ code });
});

test('names what ssh would read otherwise, and known hosts that are not there', async () => {
  const open = (ssh: object) => openGit({ dir: join(root, 'no'), url: 'git@127.0.0.1:a.git', ssh });
  await expect(open({ key: '/a"b' })).rejects.toMatchObject({ code: 'ssh_path_invalid' });
  await expect(open({ knownHosts: join(root, 'none') })).rejects.toMatchObject({
    code: 'known_hosts_missing',
    hint: expect.stringContaining('ssh-keyscan 127.0.0.1') as string,
  });
});

describe.skipIf(sshd === undefined)('a real SSH server (openssh-server)', () => {
  let server: SshServer;
  let origin: GitRepository;
  let count = 0;

  beforeAll(async () => {
    server = await startSshServer(join(root, 'server'));
    origin = new GitRepository(join(root, 'origin'));
    origin.commit('one', { a: '1' });
  });
  afterAll(() => server.close());

  const open = (ssh: object, path = join(root, 'origin')) =>
    openGit({ dir: join(root, `cache-${(count += 1)}`), url: `${server.url}${path}`, ssh });
  const known = () => ({ key: server.key, knownHosts: server.knownHosts });

  test('lets in the key that it knows', async () => {
    const git = await open(known());
    const [main] = await git.fetch();
    expect(main).toEqual({ name: 'refs/heads/main', sha: origin.git(['rev-parse', 'HEAD']) });
    expect(await git.readFile(main!.sha, 'a', 10)).toBe('1');
  });

  test('refuses another key, and the error says whose list it must go on', async () => {
    const key = join(root, 'stranger');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const git = await open({ ...known(), key });
    await expect(git.fetch()).rejects.toMatchObject({
      code: 'git_refused',
      hint: expect.stringContaining(`ssh-keygen -y -f ${key}`) as string,
    });
  });

  test('is not trusted where its key is not known', async () => {
    const knownHosts = join(root, 'empty');
    writeFileSync(knownHosts, '');
    const git = await open({ ...known(), knownHosts });
    const error: unknown = await git.fetch().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ssh_host_unknown', next: 'user' });
    expect((error as { hint: string }).hint).toMatch(/ssh-keyscan -p \d+ 127\.0\.0\.1/);
  });

  test('a repository that is not there is refused', async () => {
    const git = await open(known(), join(root, 'nothing'));
    await expect(git.fetch()).rejects.toMatchObject({ code: 'git_refused' });
  });

  test('a key file that is no key is named', async () => {
    const key = join(root, 'no-key');
    copyFileSync(server.knownHosts, key);
    chmodSync(key, 0o600);
    const git = await open({ ...known(), key });
    await expect(git.fetch()).rejects.toMatchObject({ code: 'git_refused' });
  });

  test('is no longer trusted with another key than before', async () => {
    server.changeHostKey();
    const git = await open(known());
    await expect(git.fetch()).rejects.toMatchObject({
      code: 'ssh_host_changed',
      hint: expect.stringContaining("-R '[127.0.0.1]:") as string,
    });
  });
});
