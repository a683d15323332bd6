import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeHostKey } from '../../src/agent/host-key.ts';
import { GitRepository } from '../support/git-repository.ts';
import { isLong, testWhen } from '../support/when.ts';
import {
  hasUserManager,
  startUserManager,
  type UserManager,
} from '../support/systemd/user-manager.ts';

const cli = join(import.meta.dirname, '../../src/bin/cli.ts');

describe.skipIf(!hasUserManager())('the agent as a service of systemd', () => {
  let folder = '';
  let manager: UserManager;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-notify-'));
    manager = await startUserManager(folder);
    const repository = new GitRepository(join(folder, 'repository'));
    repository.commit('Begin', { 'README.md': 'nothing to deploy\n' });
    await makeHostKey(join(folder, 'state'), false);
    writeFileSync(
      join(folder, 'agent.yml'),
      [
        'name: web-1',
        'environments: [production]',
        `source: { directory: ${repository.directory} }`,
        `state: ${join(folder, 'state')}`,
        `env_root: ${join(folder, 'env')}`,
        '',
      ].join('\n'),
    );
    const command = [process.execPath, cli, 'agent', 'run', '--config', join(folder, 'agent.yml')];
    writeFileSync(
      join(folder, 'agent.service'),
      [
        '[Service]',
        'Type=notify',
        'NotifyAccess=all',
        'WatchdogSec=3',
        'WatchdogSignal=SIGKILL',
        `Environment="PATH=${process.env['PATH'] ?? ''}"`,
        `ExecStart=${command.join(' ')}`,
        '',
      ].join('\n'),
    );
    await manager.execute(['systemctl', '--user', 'link', join(folder, 'agent.service')]);
  });
  afterAll(async () => {
    await manager.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const show = async (property: string): Promise<string> =>
    (await manager.execute(['systemctl', '--user', 'show', '--value', '-p', property, 'agent']))
      .stdout;
  const start = () => manager.execute(['systemctl', '--user', 'start', 'agent']);

  test('says when it is ready, that it is well, and when it ends', async () => {
    const { code, stderr } = await start();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await show('ActiveState')).toBe('active');
    const ready = await show('WatchdogTimestampMonotonic');
    await vi.waitFor(
      async () =>
        expect(Number(await show('WatchdogTimestampMonotonic'))).toBeGreaterThan(Number(ready)),
      { timeout: 5000 },
    );
    await manager.execute(['systemctl', '--user', 'stop', 'agent']);
    expect(await show('Result')).toBe('success');
  });

  testWhen(isLong)('is ended when it no longer says that it is well', async () => {
    await start();
    await manager.execute(['systemctl', '--user', 'kill', '--signal=SIGSTOP', 'agent']);
    await vi.waitFor(async () => expect(await show('Result')).toBe('watchdog'), {
      timeout: 10_000,
    });
  });
});
