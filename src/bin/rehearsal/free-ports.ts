import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections: those are free now and taken a moment later. */
const [lowest, highest] = [10_240, 32_767] as const;

/** Ports of 127.0.0.1 that are free and likely to stay so until a program listens there, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const free = new Set<number>();
  for (let tries = 0; free.size < count && tries < count * 50; tries += 1) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1));
    if (!free.has(port) && (await isFree(port))) free.add(port);
  }
  if (free.size === count) return [...free];
  throw new Error(`there are no ${count} free ports from ${lowest} to ${highest}`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
