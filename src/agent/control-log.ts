import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Clock } from '../ports/clock.ts';
import { notFound, sendError } from './control-answers.ts';
import { followFile } from './follow-file.ts';
import type { AgentView } from './tell.ts';
import { unitLogPath } from './unit-log.ts';

export interface LogWorld {
  /** The agent's state folder. */
  readonly state: string;
  readonly view: Pick<AgentView, 'isOver'>;
  readonly clock: Clock;
}

/** Sends what a deployment did on this host; with `follow` until it is over. */
export async function streamLog(
  response: ServerResponse,
  deployment: number,
  follow: boolean,
  { state, view, clock }: LogWorld,
  ending: AbortSignal,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const isDone = () => !follow || view.isOver(deployment) !== false;
  const path = unitLogPath(state, deployment);
  const pieces = followFile(path, isDone, clock, AbortSignal.any([gone.signal, ending]));
  try {
    for await (const piece of pieces) {
      if (!response.headersSent) {
        response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
      }
      if (!response.write(piece)) await once(response, 'drain', { signal: gone.signal });
    }
    response.end();
  } catch (error) {
    if (gone.signal.aborted) return;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    sendError(response, 404, notFound(`Deployment ${deployment} has no log on this host.`));
  }
}
