import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Mood } from '../contract/notifier.ts';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: string;
}

/** Takes what is posted to it, as a service of this kind would. `take` throws on what the service would refuse. */
export async function openReceiver(take: (received: Received) => Reply) {
  const taken: string[] = [];
  const complaints: unknown[] = [];
  let mood: Mood | null = null;
  const server = createServer((request, response) => {
    const now = mood;
    mood = null;
    const answer = async (): Promise<void> => {
      const body = await text(request);
      if (now === 'silent') return;
      if (now !== null) {
        response.writeHead(statuses[now], { 'retry-after': '7' }).end();
        return;
      }
      try {
        const reply = take({ path: request.url ?? '', headers: request.headers, body });
        taken.push(body);
        response.writeHead(reply.status).end(reply.body);
      } catch (error) {
        complaints.push(error);
        response.writeHead(400).end(String(error));
      }
    };
    answer().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    complaints,
    be: (next: Mood) => {
      mood = next;
    },
    close: async () => {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

const statuses: Readonly<Record<Exclude<Mood, 'silent'>, number>> = {
  busy: 429,
  refusing: 403,
  broken: 500,
};
