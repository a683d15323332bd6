import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtinProxy } from '../src/adapters/proxy/builtin/builtin-proxy.ts';
import { stopProxy } from '../src/adapters/proxy/builtin/stop-proxy.ts';
import { startNginx, startPart, type Part } from './support/processes.ts';
import { switchUnderLoad } from './support/switch-load.ts';
import { median, runWrk, type Throughput } from './support/wrk.ts';

// The embedded proxy beside other ways to do it and nginx, and what a switch costs under load.
// `node bench/proxy.ts [--json]`; about 50 s. Needs nginx and wrk (Debian: apt-get install nginx wrk).
const seconds = 2;
const rounds = 3;
const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
const entry = join(import.meta.dirname, '../src/bin/proxy.ts');
const ours = builtinProxy({ state: folder, entry: [entry], host: '127.0.0.1' });
const parts: Part[] = [];

try {
  const [blue, green] = await Promise.all([start('backend'), start('backend')]);
  const ports = await startCandidates(blue.port);
  const throughput = await measure(ports);
  const slots = [
    ['blue', { host: '127.0.0.1', port: blue.port }],
    ['green', { host: '127.0.0.1', port: green.port }],
  ] as const;
  const switching = await switchUnderLoad(ours, 'bench', slots, 20);
  report({ throughput, switching });
  if (switching.failed > 0 || !switching.webSocketAlive) process.exitCode = 1;
} finally {
  await stopProxy(folder);
  await Promise.all(parts.map((part) => part.end()));
  rmSync(folder, { recursive: true, force: true });
}

async function start(name: string, upstream?: number): Promise<Part> {
  const part = await startPart(name, upstream);
  parts.push(part);
  return part;
}

async function startCandidates(backend: number): Promise<ReadonlyMap<string, number>> {
  const nginx = await startNginx(join(folder, 'nginx'), backend);
  parts.push(nginx);
  const { port } = await ours.ensure({ name: 'bench', listen: 0 });
  await ours.switch('bench', 'blue', { host: '127.0.0.1', port: backend });
  const names = ['undici dispatch', 'node:http agent', 'node:net splice'];
  const others = await Promise.all(
    names.map(async (name) => [name, (await start(name, backend)).port] as const),
  );
  return new Map([['direct', backend], ['nginx', nginx.port], ['built in', port], ...others]);
}

/** Each in turn, several times over, so that a noisy moment hits them all; medians. */
async function measure(ports: ReadonlyMap<string, number>): Promise<Record<string, Throughput>> {
  const samples = new Map([...ports.keys()].map((name) => [name, [] as Throughput[]]));
  for (const [, port] of ports) await runWrk(port, 1);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, port] of ports) samples.get(name)!.push(await runWrk(port, seconds));
  }
  const medians = [...samples].map(([name, all]) => [
    name,
    {
      perSecond: median(all.map(({ perSecond }) => perSecond)),
      p99Ms: median(all.map(({ p99Ms }) => p99Ms)),
    },
  ]);
  return Object.fromEntries(medians) as Record<string, Throughput>;
}

function report(result: {
  throughput: Record<string, Throughput>;
  switching: Awaited<ReturnType<typeof switchUnderLoad>>;
}): void {
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(result));
    return;
  }
  const nginx = result.throughput['nginx']!;
  const rows = Object.entries(result.throughput).map(([path, { perSecond, p99Ms }]) => ({
    path,
    'req/s': Math.round(perSecond),
    '÷ nginx': (perSecond / nginx.perSecond).toFixed(2),
    'p99 ÷ nginx': (p99Ms / nginx.p99Ms).toFixed(2),
  }));
  console.table(rows);
  console.table([result.switching]);
}
