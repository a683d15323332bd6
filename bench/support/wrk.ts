import { execa } from 'execa';

export interface Throughput {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/**
 * Loads a port with 64 kept connections for so long, as wrk does or as a Lua script of it says.
 * Rejects where an answer was no success, for then something else was measured, unless it may.
 */
export async function runWrk(
  port: number,
  seconds: number,
  script?: string,
  mayRefuse = false,
): Promise<Throughput> {
  const load = ['-t2', '-c64', `-d${seconds}s`, '--latency', ...(script ? ['-s', script] : [])];
  const { stdout } = await execa('wrk', [...load, `http://127.0.0.1:${port}/`]);
  if (!mayRefuse && stdout.includes('Non-2xx'))
    throw new Error(`port ${port} refused requests:\n${stdout}`);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  const [, value, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  return { perSecond, p99Ms: Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit ?? 'ms']! };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
