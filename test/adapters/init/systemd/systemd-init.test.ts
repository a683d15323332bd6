import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Command } from '../../../../src/adapters/init/systemd/commands.ts';
import { SystemdInit } from '../../../../src/adapters/init/systemd/systemd-init.ts';
import type { ServiceSpec } from '../../../../src/ports/init.ts';
import { isLong, testWhen } from '../../../support/when.ts';
import { initContract } from '../../../contract/init.ts';
import {
  hasUserManager,
  startUserManager,
  type UserManager,
} from '../../../support/systemd/user-manager.ts';

const source = join(import.meta.dirname, '../../../../src/adapters/init/systemd');
const owner = { name: 'root', uid: 0, mapsUser: false };
const idle = 'setInterval(() => {}, 1000)';

describe.skipIf(!hasUserManager())('systemd, with a user manager', () => {
  let root = '';
  let folder = '';
  let manager: UserManager;
  /** What was asked of the host in this test. */
  let asked: Command[] = [];

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'sallyport-systemd-'));
    manager = await startUserManager(root);
  });
  afterAll(async () => {
    await manager.close();
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(root, 'test-'));
    asked = [];
  });

  const initOf = () =>
    new SystemdInit({
      scope: 'user',
      folder: join(root, 'units'),
      owner,
      execute: (command) => {
        asked.push(command);
        return manager.execute(command);
      },
    });

  describe('the contract of an init', () => {
    initContract(() => ({
      init: initOf(),
      folder,
      elsewhere: {
        imports: `import { SystemdInit } from ${JSON.stringify(join(source, 'systemd-init.ts'))};
          import { executeHere } from ${JSON.stringify(join(source, 'execute.ts'))}`,
        expression: `new SystemdInit({
          scope: 'user',
          folder: ${JSON.stringify(join(root, 'units'))},
          owner: ${JSON.stringify(owner)},
          execute: (command) => executeHere(null)([...${JSON.stringify(manager.enter)}, ...command]),
        })`,
      },
      reboot: () => manager.restart(),
    }));
  });

  const name = 'staging.web.blue';
  const bounds = {
    notify: false,
    limits: { memory: null, cpu: null, tasks: null, files: null },
    sandbox: false,
    writable: [],
  };
  const specOf = (script: string, more: Partial<ServiceSpec> = {}): ServiceSpec => ({
    name,
    command: [process.execPath, '-e', script],
    directory: folder,
    env: { PATH: process.env['PATH'] ?? '' },
    log: join(folder, 'web.log'),
    ...more,
  });
  const printed = () => initOf().lines(name, '', 50);
  afterEach(() => initOf().stop(name, 0));

  test('a program that is killed comes back, with another pid', async () => {
    await initOf().start(specOf(idle));
    const { pid } = await initOf().status(name);
    await initOf().signal(name, 'SIGKILL');
    await vi.waitFor(
      async () => {
        const now = await initOf().status(name);
        expect(now.running && now.pid !== pid).toBe(true);
      },
      { timeout: 5000 },
    );
  });

  testWhen(isLong)(
    'one that ends again and again is given up, and a start gives it new tries',
    async () => {
      await initOf().start(specOf('process.exit(7)'));
      await vi.waitFor(
        async () => {
          const { stdout } = await manager.execute(show('ActiveState'));
          expect(stdout).toBe('ActiveState=failed');
        },
        { timeout: 15_000, interval: 200 },
      );
      expect(await initOf().status(name)).toEqual({ running: false, pid: null, ended: 7 });
      await initOf().start(specOf(idle));
      expect(await initOf().status(name)).toMatchObject({ running: true });
    },
  );

  test('hostile words, variables and folders arrive as they are', async () => {
    const words = [
      '',
      ' ',
      'a b',
      '%h %% %',
      '$HOME ${HOME} $$',
      '"',
      "'",
      '\\',
      '\\n',
      ';',
      '-',
      '*',
      'a\nb\tc\r\u0001\u007f',
      'grüße 日本 🌺',
      '\u0085',
      '#',
      '{port}',
      '~',
      'x\\',
    ];
    const values = Object.fromEntries(
      words
        .filter((word) => !/(?![\t\n])\p{Cc}/u.test(word))
        .map((word, number) => [`V${number}`, `${word}\n${word}`]),
    );
    const env = { PATH: process.env['PATH'] ?? '', ...values, X: '`id` $(id) # no comment\\' };
    const directory = join(folder, "it's 100% \\ $HOME ümlaut");
    mkdirSync(directory);
    const script = `const { argv, env } = process;
      require('node:fs').writeFileSync('out', JSON.stringify([argv.slice(1), env, process.cwd()]));
      ${idle}`;
    const command = [process.execPath, '-e', script, '--', ...words] as const;
    await initOf().start(specOf('', { command, env, directory }));
    const out = join(directory, 'out');
    await vi.waitFor(() => expect(existsSync(out)).toBe(true));
    const [said, got, cwd] = await vi.waitFor(
      () => JSON.parse(readFileSync(out, 'utf8')) as [string[], Record<string, string>, string],
    );
    expect(said).toEqual(words);
    expect(got).toMatchObject(env);
    const own = ['INVOCATION_ID', 'JOURNAL_STREAM', 'SYSTEMD_EXEC_PID'];
    const others = Object.keys(got).filter((key) => !(key in env) && !own.includes(key));
    expect(others).toEqual([]);
    expect(cwd).toBe(directory);
  });

  test('secrets stand in a file of their own, as long as the program may run', async () => {
    const env = { PATH: process.env['PATH'] ?? '', TOKEN: 'correct-horse-battery' };
    await initOf().start(specOf(idle, { env }));
    const units = join(root, 'units');
    const unit = join(units, 'sallyport-staging.web.blue.service');
    const secrets = join(units, 'sallyport-staging.web.blue.env');
    expect(readFileSync(unit, 'utf8')).not.toContain('correct-horse');
    expect(readFileSync(secrets, 'utf8')).toContain('correct-horse');
    expect(statSync(secrets).mode & 0o777).toBe(0o600);
    await initOf().stop(name, 0);
    expect(readFileSync(secrets, 'utf8')).toBe('');
  });

  test('the manager reads units again only where they changed', async () => {
    const enabled = () => asked.filter((command) => command.includes('enable')).length;
    await initOf().start(specOf(idle));
    expect(enabled()).toBe(1);
    await initOf().start(specOf(idle));
    expect(enabled()).toBe(1);
    await initOf().start(specOf(`${idle};`));
    expect(enabled()).toBe(2);
    const { stdout } = await manager.execute(show('NeedDaemonReload'));
    expect(stdout).toBe('NeedDaemonReload=no');
  });

  test('a unit that a killed agent wrote and did not load is loaded before it is started', async () => {
    await initOf().start(specOf(idle));
    const unit = join(root, 'units', `sallyport-${name}.service`);
    const before = readFileSync(unit, 'utf8');
    await initOf().start(specOf(`${idle};`));
    const later = readFileSync(unit, 'utf8');
    await initOf().start(specOf(idle));
    expect(readFileSync(unit, 'utf8')).toBe(before);
    writeFileSync(unit, later);
    await initOf().start(specOf(`${idle};`));
    const { stdout } = await manager.execute(show('NeedDaemonReload'));
    expect(stdout).toBe('NeedDaemonReload=no');
  });

  test('a program killed on its socket listens there again, and everybody may connect', async () => {
    const socket = join(folder, 'web.sock');
    const script = `process.umask(0o077); require('node:http').createServer().listen(${JSON.stringify(socket)})`;
    writeFileSync(socket, '');
    const isOpen = () => {
      const { mode, ino } = statSync(socket);
      expect([mode & 0o777, statSync(socket).isSocket()]).toEqual([0o766, true]);
      return ino;
    };
    await initOf().start(specOf(script, { socket }));
    await vi.waitFor(isOpen, { timeout: 5000 });
    const { pid } = await initOf().status(name);
    await initOf().signal(name, 'SIGKILL');
    await vi.waitFor(
      async () => {
        const now = await initOf().status(name);
        expect(now.running && now.pid !== pid).toBe(true);
        isOpen();
      },
      { timeout: 5000, interval: 100 },
    );
  });

  test('limits are in force', async () => {
    const limits = { memory: 256 * 2 ** 20, cpu: 1.5, tasks: 40, files: 300 };
    const script = `console.log(require('node:fs').readFileSync('/proc/self/limits', 'utf8')); ${idle}`;
    await initOf().start(specOf(script, { supervision: { ...bounds, limits } }));
    await vi.waitFor(async () => {
      expect((await printed()).join('\n')).toMatch(/Max open files +300 +300/);
    });
    const { stdout } = await manager.execute(show('MemoryMax,CPUQuotaPerSecUSec,TasksMax'));
    expect(stdout.split('\n').toSorted()).toEqual([
      'CPUQuotaPerSecUSec=1.500000s',
      `MemoryMax=${256 * 2 ** 20}`,
      'TasksMax=40',
    ]);
  });

  test('a sandboxed program writes to its own folders only, and gains no privileges', async () => {
    const own = join(folder, 'uploads of "mine"'.replaceAll('"', ''));
    mkdirSync(own);
    const script = `const fs = require('node:fs');
      for (const path of [${JSON.stringify(own)}, process.cwd(), '/etc', '/root'])
        try { fs.writeFileSync(path + '/sallyport-probe', ''); console.log(path, 'yes'); }
        catch (error) { console.log(path, error.code); }
      console.log(/NoNewPrivs:.*/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[0]);
      ${idle}`;
    const supervision = { ...bounds, sandbox: true, writable: [own] };
    await initOf().start(specOf(script, { supervision }));
    await vi.waitFor(async () => {
      expect(await printed()).toEqual([
        `${own} yes`,
        `${folder} EROFS`,
        '/etc EROFS',
        '/root EROFS',
        'NoNewPrivs:\t1',
      ]);
    });
  });

  test('a folder that it may write to and that is not there is refused with its name', async () => {
    const supervision = { ...bounds, sandbox: true, writable: ['/no/such/folder'] };
    await expect(initOf().start(specOf(idle, { supervision }))).rejects.toMatchObject({
      code: 'start_failed',
      hint: 'mkdir -p /no/such/folder',
    });
  });

  test('what systemd cannot start is refused, and does not come back', async () => {
    const directory = join(folder, 'gone');
    await expect(initOf().start(specOf(idle, { directory }))).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringContaining('the working directory'),
    });
    const { stdout } = await manager.execute(show('UnitFileState'));
    expect(stdout).toBe('UnitFileState=');
  });

  test('a program that says when it is ready is started before it is', async () => {
    const ready = `require('node:child_process').execFileSync('systemd-notify', ['--no-block', '--ready'])`;
    const script = `process.on('SIGHUP', () => { ${ready}; }); console.log('up'); ${idle}`;
    await initOf().start(specOf(script, { supervision: { ...bounds, notify: true } }));
    expect(await initOf().status(name)).toMatchObject({ running: true });
    expect((await manager.execute(show('ActiveState'))).stdout).toBe('ActiveState=activating');
    await vi.waitFor(async () => expect(await printed()).toEqual(['up']));
    await initOf().signal(name, 'SIGHUP');
    await vi.waitFor(async () => {
      expect((await manager.execute(show('ActiveState'))).stdout).toBe('ActiveState=active');
    });
  });

  test('a user who does not linger, and a manager that does not answer, are found', async () => {
    const hint = 'loginctl enable-linger root';
    await manager.execute(['rm', '/var/lib/systemd/linger/root']);
    expect(await initOf().check()).toMatchObject([{ hint }]);
    await manager.execute(['touch', '/var/lib/systemd/linger/root']);
    const nowhere = new SystemdInit({
      scope: 'user',
      folder: join(root, 'units'),
      owner,
      execute: (command) => manager.execute(['env', 'XDG_RUNTIME_DIR=/run/nobody', ...command]),
    });
    expect(await nowhere.check()).toMatchObject([{ hint }]);
    await expect(nowhere.status(name)).rejects.toMatchObject({ code: 'init_failed', hint });
  });

  function show(properties: string): Command {
    return ['systemctl', '--user', 'show', '-p', properties, `sallyport-${name}.service`];
  }
});
