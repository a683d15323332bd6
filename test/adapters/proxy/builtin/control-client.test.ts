import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { askProxy } from '../../../../src/adapters/proxy/builtin/control-client.ts';
import type { ControlRequest } from '../../../../src/adapters/proxy/builtin/control-messages.ts';

afterEach(() => vi.useRealTimers());

const drain: ControlRequest = { op: 'drain', name: 'web', slot: 'blue', timeoutMs: 60_000 };

test.each([
  ['a question', { op: 'ping' } as const, 30_000],
  ['a draining, which has its own time first', drain, 90_000],
])('nobody waits for ever on a proxy that hangs: %s', async (_what, asked, ms) => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-hung-'));
  const socket = join(folder, 'control.sock');
  const hung = createServer(() => undefined).listen(socket);
  await once(hung, 'listening');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const taken = once(hung, 'connection');
  let end = 'none';
  const asking = askProxy(socket, asked).catch((error: { code: string }) => (end = error.code));
  const [connection] = (await taken) as [{ destroy(): void }];
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect(end).toBe('none');
  await vi.advanceTimersByTimeAsync(1);
  expect(await asking).toBe('proxy_not_answering');
  connection.destroy();
  hung.close();
  rmSync(folder, { recursive: true });
});
