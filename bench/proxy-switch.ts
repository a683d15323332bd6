import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Upstream } from '../src/model/upstream.ts';
import type { Proxy } from '../src/ports/proxy.ts';
import { drivers } from './support/drivers.ts';
import { loads, startLoad, type Load } from './support/load-kinds.ts';
import { startPart } from './support/processes.ts';
import { median } from './support/wrk.ts';

// What a switch costs clients, by driver and by how they come, each before the real server:
// `node bench/proxy-switch.ts [--switches 20] [--json]`; about 2 min for 20.
const at = process.argv.indexOf('--switches');
const switches = at < 0 ? 20 : Number(process.argv[at + 1]);

type Slot = readonly [name: string, upstream: Upstream, answer: string];

interface Cell {
  readonly driver: string;
  readonly load: string;
  readonly failed: number;
  readonly requests: number;
  /** From the command to the first answer of the new slot. */
  readonly ms: number;
  readonly worst: number;
  readonly webSocket: string;
}

const parts = await Promise.all([startPart('backend'), startPart('backend')]);
const names = ['blue', 'green'] as const;
const slots = await Promise.all(
  parts.map(async ({ port }, index): Promise<Slot> => {
    const said = await fetch(`http://127.0.0.1:${port}/`);
    return [names[index]!, { host: '127.0.0.1', port }, await said.text()];
  }),
);

try {
  const cells: Cell[] = [];
  for (const driver of drivers.filter((one) => one.isHere())) {
    const opened = await driver.open();
    try {
      for (const load of Object.keys(loads) as (keyof typeof loads)[]) {
        const cell = { driver: driver.name, load, ...(await measure(opened.proxy, load)) };
        cells.push(cell);
        if (cell.failed > 0 && !driver.mayFail) process.exitCode = 1;
      }
    } finally {
      await opened.close();
    }
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify(cells));
  else console.table(cells);
} finally {
  await Promise.all(parts.map((part) => part.end()));
}

async function measure(
  proxy: Proxy,
  kind: keyof typeof loads,
): Promise<Omit<Cell, 'driver' | 'load'>> {
  const upstreams = slots.map(([, upstream]) => upstream);
  const { port } = await proxy.ensure({ name: 'bench', listen: 0, upstreams });
  await proxy.switch('bench', slots[0]![0], slots[0]![1]);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  await once(socket, 'open');
  let isCut = false;
  socket.once('close', () => (isCut = true));
  const load = startLoad(port, kind);
  const took: number[] = [];
  for (let round = 1; round <= switches; round += 1) {
    await setTimeout(150);
    took.push(await msOfSwitch(proxy, slots[round % 2]!, load));
  }
  const webSocket = isCut || !(await echoes(socket)) ? 'cut' : 'alive';
  socket.terminate();
  const shown = (ms: number) => Number(ms.toFixed(1));
  return {
    ...(await load.end()),
    ms: shown(median(took)),
    worst: shown(Math.max(...took)),
    webSocket,
  };
}

async function msOfSwitch(
  proxy: Proxy,
  [name, upstream, answer]: Slot,
  load: Load,
): Promise<number> {
  const began = performance.now();
  await proxy.switch('bench', name, upstream);
  while (load.last() !== answer) await setTimeout(0);
  return performance.now() - began;
}

async function echoes(socket: WebSocket): Promise<boolean> {
  socket.send('alive');
  const [answer] = (await Promise.race([once(socket, 'message'), setTimeout(2_000, [null])])) as [
    unknown,
  ];
  return String(answer) === 'alive';
}
