import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnsureRequest } from '../../../../src/adapters/proxy/builtin/control-messages.ts';
import { RouteTable } from '../../../../src/adapters/proxy/builtin/route-table.ts';
import { defaultTimes } from '../../../../src/adapters/proxy/builtin/slot.ts';
import { loadState } from '../../../../src/adapters/proxy/builtin/state.ts';
import { startUpstream } from '../../../support/upstream.ts';

/** The routes of an embedded proxy in this process, with one that is called web, and two slots. */
export async function openTable(more: Partial<EnsureRequest> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-table-'));
  const said: string[] = [];
  const make = () =>
    new RouteTable({ folder, times: defaultTimes, say: (message) => said.push(message) });
  const [blue, green] = await Promise.all([startUpstream('blue'), startUpstream('green')]);
  const web = { op: 'ensure', name: 'web', listen: 0, host: '127.0.0.1', ...more } as const;
  let table = make();
  const { port } = await table.ensure(web);
  await table.switch('web', 'blue', blue.upstream);
  return {
    get table() {
      return table;
    },
    folder,
    said,
    web,
    blue,
    green,
    port,
    url: `${more.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    /** As after an end of the process. */
    async restart(stop: AbortSignal) {
      await table.close(0);
      table = make();
      await table.restore(loadState(folder), stop);
    },
    async close() {
      await table.close(0);
      await Promise.all([blue.close(), green.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
