import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askProxy } from '../../../../src/adapters/proxy/builtin/control-client.ts';
import { PingValue, StatusValue } from '../../../../src/adapters/proxy/builtin/control-messages.ts';
import {
  hasUserManager,
  startUserManager,
  type UserManager,
} from '../../../support/systemd/user-manager.ts';
import { until } from '../../../support/until.ts';
import { startLoad } from './client-load.ts';
import { startUpstream, type TestUpstream } from '../../../support/upstream.ts';
import { entry } from './open-builtin.ts';

const unit = 'sallyport-proxy.service';
let folder: string;
let manager: UserManager;
let blue: TestUpstream;
let socket: string;
let port: number;

describe.skipIf(!hasUserManager())('handing over as a unit', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sp-unit-'));
    manager = await startUserManager(folder);
    blue = await startUpstream('blue');
    socket = join(folder, 'state', 'proxy', 'control.sock');
  });
  afterAll(async () => {
    await manager?.close();
    await blue?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the successor is the main process of the unit, and no request fails', async () => {
    await startAsUnit('NotifyAccess=all\n');
    const before = await serving();
    const load = startLoad(port);
    await handOver();
    const after = await serving();
    expect(after).not.toBe(before);
    await until(() => !isAlive(before));
    await load.end();
    expect(load.failures).toEqual([]);
    expect(await shown('MainPID', 'ActiveState')).toEqual([`${after}`, 'active']);
  });

  test('one that is killed is started again, as the one before it would have been', async () => {
    const before = await serving();
    process.kill(before, 'SIGKILL');
    await until(async () => (await askProxy(socket, { op: 'ping' })) !== null);
    expect(await serving()).not.toBe(before);
    await until(async () => (await get()) === 'blue');
  });

  test('a unit that may not name another process keeps the one that it has', async () => {
    await startAsUnit('');
    const before = await serving();
    const refused = { hint: expect.stringContaining('sallyport agent install') as string };
    await expect(handOver()).rejects.toThrow(expect.objectContaining(refused));
    expect([await serving(), await get()]).toEqual([before, 'blue']);
  });
});

async function startAsUnit(more: string): Promise<void> {
  const units = join(folder, 'home', '.config', 'systemd', 'user');
  mkdirSync(units, { recursive: true });
  const command = [process.execPath, entry[0], '--state', join(folder, 'state')].join(' ');
  const service = `Type=exec\nExecStart=${command}\n${more}Restart=on-failure\nRestartSec=200ms\n`;
  writeFileSync(join(units, unit), `[Service]\n${service}`);
  await systemctl('daemon-reload');
  await systemctl('restart', unit);
  await until(async () => (await askProxy(socket, { op: 'ping' })) !== null);
  const asked = { op: 'ensure', name: 'web', listen: 0, host: '127.0.0.1' } as const;
  ({ port } = StatusValue.parse((await askProxy(socket, asked))?.value));
  await askProxy(socket, { op: 'switch', name: 'web', slot: 'blue', upstream: blue.upstream });
}

async function systemctl(...words: readonly string[]): Promise<string> {
  return (await manager.execute(['systemctl', '--user', ...words])).stdout;
}

async function shown(...names: readonly string[]): Promise<readonly string[]> {
  return await Promise.all(names.map((name) => systemctl('show', '--value', `-p${name}`, unit)));
}

async function handOver(): Promise<unknown> {
  return await askProxy(socket, { op: 'hand-over', node: process.execPath, entry: [...entry] });
}

async function serving(): Promise<number> {
  return PingValue.parse((await askProxy(socket, { op: 'ping' }))?.value).pid;
}

async function get(): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}`).catch(() => null);
  return (await answer?.text()) ?? '';
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
