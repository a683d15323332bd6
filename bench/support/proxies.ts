import { Agent, createServer, request as httpRequest, type RequestListener } from 'node:http';
import { connect, createServer as createTcpServer, type Server } from 'node:net';
import { Pool, type Dispatcher } from 'undici';
import { WebSocketServer } from 'ws';

/** Ways to stand before a server, each as small as it can be: what the built-in proxy is measured against. */
export const parts: Readonly<Record<string, (upstreamPort: number) => Server>> = {
  backend: () => {
    const server = createServer((request, response) => {
      request.resume();
      response.end(`hello from ${process.pid}`);
    });
    new WebSocketServer({ server }).on('connection', (socket) => {
      socket.on('message', (data: Buffer) => socket.send(data.toString()));
    });
    return server;
  },
  'undici dispatch': (port) => createServer(withUndici(port)),
  'node:http agent': (port) => createServer(withAgent(port)),
  'node:net splice': (port) =>
    createTcpServer((client) => {
      const upstream = connect(port, '127.0.0.1');
      client.pipe(upstream).pipe(client);
      client.on('error', () => upstream.destroy());
      upstream.on('error', () => client.destroy());
    }),
};

function withUndici(port: number): RequestListener {
  const pool = new Pool(`http://127.0.0.1:${port}`, { pipelining: 1 });
  return (request, response) => {
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart: (_, status, headers) => response.writeHead(status, headers as never),
      onResponseData: (_, chunk) => void response.write(chunk),
      onResponseEnd: () => response.end(),
      onResponseError: () => response.destroy(),
    };
    const { method, url: path = '/' } = request;
    pool.dispatch({ method: method as Dispatcher.HttpMethod, path, body: null }, handler);
  };
}

function withAgent(port: number): RequestListener {
  const agent = new Agent({ keepAlive: true });
  return (request, response) => {
    const { method, url: path, headers } = request;
    const options = { agent, host: '127.0.0.1', port, method, path, headers };
    const asking = httpRequest(options, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    asking.on('error', () => response.destroy());
    request.pipe(asking);
  };
}
