import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Upstream } from '../../src/model/upstream.ts';
import type { Proxy } from '../../src/ports/proxy.ts';
import { median } from './wrk.ts';

export interface SwitchResult {
  readonly switches: number;
  readonly requests: number;
  /** Connections that were cut, and answers that were not 200. */
  readonly failed: number;
  /** From the command to the first answer of the new slot, in ms. */
  readonly firstAnswerMs: number;
  readonly webSocketAlive: boolean;
}

/** Switches to and fro while 16 kept connections ask without a pause, and never twice. */
export async function switchUnderLoad(
  proxy: Proxy,
  route: string,
  slots: readonly (readonly [name: string, upstream: Upstream])[],
  switches: number,
): Promise<SwitchResult> {
  const { port } = (await proxy.current(route))!;
  const load = startLoad(port);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  await once(socket, 'open');
  const took: number[] = [];
  for (let round = 1; round <= switches; round += 1) {
    await setTimeout(150);
    const [name, upstream] = slots[round % slots.length]!;
    const before = load.lastAnswer();
    const began = performance.now();
    await proxy.switch(route, name, upstream);
    while (load.lastAnswer() === before) await setTimeout(0);
    took.push(performance.now() - began);
  }
  socket.send('alive');
  const [answer] = await Promise.race([once(socket, 'message'), setTimeout(2_000, [null])]);
  socket.terminate();
  const { requests, failed } = await load.end();
  const webSocketAlive = String(answer) === 'alive';
  return { switches, requests, failed, firstAnswerMs: median(took), webSocketAlive };
}

function startLoad(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  let [requests, failed, ended, last] = [0, 0, false, ''];
  const ask = async (method: string): Promise<void> => {
    const asking = request({ agent, host: '127.0.0.1', port, method });
    asking.end(method === 'POST' ? 'a body' : undefined);
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    last = await text(answer);
    if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
  };
  const workers = Array.from({ length: 16 }, async (_, at) => {
    while (!ended) {
      requests += 1;
      await ask(at % 4 === 0 ? 'POST' : 'GET').catch(() => (failed += 1));
    }
  });
  return {
    lastAnswer: () => last,
    async end() {
      ended = true;
      await Promise.all(workers);
      agent.destroy();
      return { requests, failed };
    },
  };
}
