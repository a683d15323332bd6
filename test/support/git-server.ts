import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GitServer {
  /** `http://127.0.0.1:PORT`; repositories are folders below. */
  readonly url: string;
  /** `METHOD path` of every request so far. */
  readonly requests: readonly string[];
  /** Only this token is let in; `null` lets everybody in. */
  token: string | null;
  /** Holds every answer back for so long, in ms. */
  delayMs: number;
  close(): Promise<void>;
}

/** Serves the repositories in a folder over smart HTTP with git's own backend. */
export async function startGitServer(root: string): Promise<GitServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    setTimeout(() => answer(request, response), handle.delayMs);
  });
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (!isLetIn(request, handle.token)) response.writeHead(401).end('no');
    else runBackend(root, request, response);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const handle: GitServer = {
    url: `http://127.0.0.1:${port}`,
    requests,
    token: null,
    delayMs: 0,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return handle;
}

function isLetIn(request: IncomingMessage, token: string | null): boolean {
  const expected = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  return token === null || request.headers.authorization === expected;
}

/** One CGI call of `git http-backend`. */
function runBackend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'],
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(backend.stdin);
  backend.stdin.on('error', () => {});
  response.on('close', () => backend.kill());
  let head = '';
  const readHead = (chunk: Buffer) => {
    head += chunk.toString('latin1');
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    backend.stdout.off('data', readHead);
    sendHead(head.slice(0, end), response);
    response.write(Buffer.from(head.slice(end + 4), 'latin1'));
    backend.stdout.pipe(response);
  };
  backend.stdout.on('data', readHead);
}

function sendHead(head: string, response: ServerResponse): void {
  for (const line of head.split('\r\n')) {
    const [name = '', value = ''] = line.split(': ');
    if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
}
