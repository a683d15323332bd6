import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

/** How clients come: so many at once, with a pause between two requests of one, on a kept connection or none. */
export const loads = {
  saturated: { clients: 16, pauseMs: 0, isKept: true },
  paced: { clients: 16, pauseMs: 20, isKept: true },
  'new connections': { clients: 8, pauseMs: 2, isKept: false },
} as const;

export interface Load {
  /** What the last answer said. */
  last(): string;
  /** Ends it; gives how many were asked, and how many of them failed: cut, or not 200. */
  end(): Promise<{ readonly requests: number; readonly failed: number }>;
}

/** Asks, and never twice. */
export function startLoad(port: number, kind: keyof typeof loads): Load {
  const { clients, pauseMs, isKept } = loads[kind];
  const agent = isKept ? new Agent({ keepAlive: true, maxSockets: clients }) : false;
  let [requests, failed, isOver, last] = [0, 0, false, ''];
  async function ask(): Promise<void> {
    const asking = request({ agent, host: '127.0.0.1', port }).end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    const said = await text(answer);
    if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
    last = said;
  }
  const asking = Array.from({ length: clients }, async () => {
    while (!isOver) {
      requests += 1;
      await ask().catch(() => (failed += 1));
      if (pauseMs > 0) await setTimeout(pauseMs);
    }
  });
  return {
    last: () => last,
    async end() {
      isOver = true;
      await Promise.all(asking);
      if (agent) agent.destroy();
      return { requests, failed };
    },
  };
}
