import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

/** Clients of every habit; none asks a second time. */
export function startLoad(port: number) {
  const kept = new Agent({ keepAlive: true, maxSockets: 4 });
  const paced = new Agent({ keepAlive: true, maxSockets: 2 });
  const failures: string[] = [];
  let [answers, isOver] = [0, false];

  async function ask(agent: Agent | false, method = 'GET'): Promise<void> {
    const asking = request({ agent, host: '127.0.0.1', port, method });
    asking.end(method === 'POST' ? 'a body' : undefined);
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    const said = await text(answer);
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${said}`);
    answers += 1;
  }

  async function keepAsking(name: string, one: () => Promise<void>, pauseMs: number) {
    while (!isOver) {
      await one().catch((error: Error) => failures.push(`${name}: ${error.message}`));
      await sleep(pauseMs);
    }
  }

  const loops = [
    ...[1, 2, 3, 4].map(() => keepAsking('kept', () => ask(kept), 0)),
    keepAsking('paced', () => ask(paced, 'POST'), 40),
    keepAsking('paced', () => ask(paced), 130),
    ...[1, 2].map(() => keepAsking('new', () => ask(false), 5)),
  ];
  return {
    failures,
    get answers() {
      return answers;
    },
    async end() {
      isOver = true;
      await Promise.all(loops);
      kept.destroy();
      paced.destroy();
    },
  };
}

/**
 * One request after the other over TLS, by curl: what Node's own client of HTTP/2 asks while a server
 * says that a session ends may be lost on its side. A connection that was told to end is asked nothing
 * more; what curl could not send there, it sends on the next.
 */
export function startTlsLoad(port: number, version: 1 | 2) {
  const way = version === 2 ? '--http2' : '--http1.1';
  const said = [
    '-sk',
    '-o',
    '/dev/null',
    '-w',
    '%{stderr}said %{http_version} %{http_code} %{errormsg}\n',
  ];
  const asked = `https://127.0.0.1:${port}/#[1-1000000]`;
  const curl = spawn('curl', [way, ...said, '--rate', '60/s', asked]);
  onTestFinished(() => void curl.kill());
  const failures: string[] = [];
  let answers = 0;
  createInterface(curl.stderr).on('line', (line) => {
    if (!line.startsWith('said ')) return;
    if (line.trimEnd() === `said ${version === 2 ? '2' : '1.1'} 200`) answers += 1;
    else failures.push(line);
  });
  return {
    failures,
    get answers() {
      return answers;
    },
    async end() {
      const exit = once(curl, 'exit');
      curl.kill();
      await exit;
    },
  };
}

export async function openSocket(port: number) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`);
  await once(socket, 'message');
  return {
    socket,
    async echo(word: string): Promise<string> {
      socket.send(word);
      const [data] = (await once(socket, 'message')) as [Buffer];
      return data.toString();
    },
  };
}
