import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  hasUserManager,
  startUserManager,
  type UserManager,
} from '../support/systemd/user-manager.ts';
import { until } from '../support/acceptance/wait.ts';

const cli = process.env['SALLYPORT_CLI'] ?? resolve('dist/cli.js');

let folder: string;
let home: string;
let manager: UserManager;

describe.skipIf(!hasUserManager())('an agent under a real systemd', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-upkeep-'));
    manager = await startUserManager(folder);
    home = join(folder, 'home');
    const source = join(folder, 'source', '.github');
    mkdirSync(source, { recursive: true });
    writeFileSync(join(source, 'sallyport.yml'), 'version: 1\nenvironments: { production: {} }\n');
  });

  afterAll(async () => {
    await manager?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('without a yes, it is told what would be done, and nothing is', async () => {
    const { code, stdout } = await install();
    expect(code).toBe(0);
    expect(stdout).toContain('--yes does it');
    expect(existsSync(join(home, '.config'))).toBe(false);
  });

  test('installed, it runs, is looked at and found well; again there is nothing to do', async () => {
    const first = await install('--yes', '--json');
    expect(first, first.stdout).toMatchObject({ code: 0, json: { ok: true, done: true } });
    expect(await install('--yes', '--json')).toMatchObject({ code: 0, json: { plan: [] } });

    const status = await agent('status', '--json');
    expect(status).toMatchObject({
      code: 0,
      json: {
        units: [
          { unit: 'sallyport-agent.service', active: 'active', enabled: 'enabled' },
          { unit: 'sallyport-proxy.service', active: 'active', enabled: 'enabled' },
        ],
        agent: { connected: expect.any(Boolean) },
        environments: [{ name: 'production' }],
      },
    });
    expect(await agent('doctor', '--json')).toMatchObject({ code: 0, json: { ok: true } });
    expect(await agent('logs', '--json')).toMatchObject({
      code: 0,
      json: { lines: expect.arrayContaining([expect.stringContaining('the agent is running')]) },
    });
  });

  test('it compares when it is asked to', async () => {
    expect(await agent('reconcile', '--json')).toMatchObject({
      code: 0,
      json: { environments: [{ environment: 'production', state: 'as-deployed' }] },
    });
  });

  test('it restarts, and comes back after a kill and after a boot; the proxy is not touched by either', async () => {
    const [before, proxy] = [await pidOf('agent'), await pidOf('proxy')];
    expect(await agent('restart', '--json')).toMatchObject({ code: 0 });
    const restarted = await pidOf('agent');
    expect(restarted).not.toBe(before);
    process.kill(restarted, 'SIGKILL');
    await until('systemd has started it again', async () => {
      const pid = await pidOf('agent');
      return pid !== 0 && pid !== restarted && (await agent('status')).code === 0;
    });
    expect(await pidOf('proxy')).toBe(proxy);
    await manager.restart();
    await until('both are back', async () => (await agent('status')).code === 0);
    expect(await pidOf('proxy')).not.toBe(0);
  });

  test('what is wrong is found, with the command that mends it', async () => {
    await manager.execute(['systemctl', '--user', 'stop', 'sallyport-agent.service']);
    await manager.execute(['chmod', '644', join(home, '.local/state/sallyport/key')]);
    const { code, json } = await agent('doctor', '--json');
    expect(code).toBe(1);
    const key = join(home, '.local/state/sallyport/key');
    const { findings } = json as { findings: readonly unknown[] };
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'permissions', state: 'fail', hint: `chmod 600 ${key}` }),
    );
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'agent',
        state: 'fail',
        hint: 'systemctl --user start sallyport-agent.service',
      }),
    );
    expect(await agent('status')).toMatchObject({ code: 5 });
  });

  test('taken away, the proxy stays until that is asked for too', async () => {
    const proxy = await pidOf('proxy');
    const { code, json } = await agent('uninstall', '--yes', '--json');
    expect(code).toBe(0);
    expect(json).toMatchObject({
      left: expect.arrayContaining([expect.stringContaining('sallyport-proxy.service stays')]),
    });
    expect([await pidOf('agent'), await pidOf('proxy')]).toEqual([0, proxy]);

    const all = await agent('uninstall', '--services', '--purge', '--yes', '--scope', 'user');
    expect(all, all.stderr).toMatchObject({ code: 0 });
    expect(await pidOf('proxy')).toBe(0);
    expect(existsSync(join(home, '.local/state/sallyport'))).toBe(false);
    expect(existsSync(join(home, '.config/systemd/user/sallyport-proxy.service'))).toBe(false);
  });
});

function install(...words: readonly string[]) {
  const source = ['--source', join(folder, 'source'), '--environment', 'production'];
  return agent('install', '--scope', 'user', ...source, ...words);
}

/** `sallyport agent …` as the manager's user. */
function agent(...words: readonly string[]) {
  const [program, ...args] = [
    ...manager.enter,
    'env',
    `HOME=${home}`,
    process.execPath,
    cli,
    'agent',
    ...words,
  ];
  interface Ran {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
    readonly json: unknown;
  }
  return new Promise<Ran>((done) => {
    execFile(program!, args, (error, stdout, stderr) => {
      const code = error ? Number(error.code) : 0;
      done({ code, stdout, stderr, json: words.includes('--json') ? JSON.parse(stdout) : null });
    });
  });
}

async function pidOf(name: 'agent' | 'proxy'): Promise<number> {
  const unit = `sallyport-${name}.service`;
  const asked = ['systemctl', '--user', 'show', '--property=MainPID', '--value', unit] as const;
  return Number((await manager.execute(asked)).stdout);
}
