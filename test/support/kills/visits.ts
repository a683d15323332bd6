import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Visits {
  readonly answered: number;
  /** What went wrong, each with its time. */
  readonly failed: readonly string[];
  /** The longest time without a good answer, in ms. */
  readonly longestGapMs: number;
}

const pauseMs = 15;
const patienceMs = 10_000;

/** Asks a service all the time, over one kept connection and over a new one each time. */
export function visitBothWays(port: number): { seen(): Visits; stop(): Promise<Visits> } {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  const failed: string[] = [];
  let [answered, isOpen, longestGapMs, last] = [0, true, 0, performance.now()];
  const ask = async (agent: Agent | false): Promise<void> => {
    while (isOpen) {
      const answer = await answerOf(port, agent);
      const now = performance.now();
      if (answer === '200') {
        answered += 1;
        longestGapMs = Math.max(longestGapMs, now - last);
        last = now;
      } else {
        const how = agent ? 'kept' : 'new';
        failed.push(`${new Date().toISOString()} ${how} connection: ${answer}`);
      }
      await sleep(pauseMs);
    }
  };
  const both = Promise.all([ask(kept), ask(false)]);
  const seen = (): Visits => ({ answered, failed: [...failed], longestGapMs });
  return {
    seen,
    async stop() {
      isOpen = false;
      await both;
      kept.destroy();
      return seen();
    },
  };
}

function answerOf(port: number, agent: Agent | false): Promise<string> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/', agent }, (response) => {
      response.on('error', (error) => resolve(String(error)));
      response.on('end', () => resolve(String(response.statusCode)));
      response.resume();
    });
    request.setTimeout(patienceMs, () => request.destroy(new Error('no answer in 10 s')));
    request.on('error', (error) => resolve(String(error)));
  });
}
