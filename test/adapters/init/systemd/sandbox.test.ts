import { chownSync, chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SystemdInit } from '../../../../src/adapters/init/systemd/systemd-init.ts';
import {
  hasUserManager,
  startUserManager,
  type UserManager,
} from '../../../support/systemd/user-manager.ts';

const name = 'staging.web.blue';
const uid = 65_534;

/** Sandboxing by a manager that is not root's: systemd leaves out without a word what it may not do. */
describe.skipIf(!hasUserManager())('the sandbox of a user without privileges', () => {
  let root = '';
  let manager: UserManager;
  let init: SystemdInit;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'sallyport-sandbox-'));
    chmodSync(root, 0o755);
    for (const folder of ['units', 'tree', 'own']) {
      mkdirSync(join(root, folder));
      chownSync(join(root, folder), uid, uid);
    }
    manager = await startUserManager(root, uid);
    const units = join(root, 'units');
    init = new SystemdInit({
      scope: 'user',
      folder: units,
      owner: { name: 'nobody', uid, mapsUser: true },
      execute: (command) => {
        // An agent that runs as this user would own what it wrote.
        for (const file of readdirSync(units)) chownSync(join(units, file), uid, uid);
        return manager.execute(command);
      },
    });
  });
  afterAll(async () => {
    await manager.close();
    rmSync(root, { recursive: true, force: true });
  });

  test('a program writes to its own folders only, though all of them are its user’s', async () => {
    const [own, tree] = [join(root, 'own'), join(root, 'tree')];
    const probe =
      'for p; do touch $p/probe 2>&- && echo $p yes || echo $p no; done; id -u; sleep 99';
    const bounds = {
      notify: false,
      limits: { memory: null, cpu: null, tasks: 20, files: null },
      sandbox: true,
      writable: [own],
    };
    const spec = {
      name,
      command: ['sh', '-c', `echo up; ${probe}`, 'sh', own, tree, root],
      directory: tree,
      env: { PATH: '/usr/bin:/bin' },
      log: '',
      supervision: bounds,
    } as const;
    await init.start(spec);
    const read = [
      'journalctl',
      '-q',
      '--no-pager',
      '-o',
      'cat',
      '-t',
      `sallyport-${name}`,
    ] as const;
    await vi.waitFor(async () => {
      // As root: the user may not read the journal.
      const { stdout } = await manager.asRoot(read);
      expect(stdout.split('\n')).toEqual([
        'up',
        `${own} yes`,
        `${tree} no`,
        `${root} no`,
        `${uid}`,
      ]);
    });
    expect(await init.lines(name, '', 20)).toEqual([]);
    await init.stop(name, 0);
    expect(await init.status(name)).toMatchObject({ running: false });
  });
});
