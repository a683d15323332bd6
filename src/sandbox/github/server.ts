import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveGit } from './http/serve-git.ts';
import { serveManifest } from './http/serve-manifest.ts';
import type { Hooks } from './hooks.ts';
import { RateLimits } from './http/rate-limit.ts';
import { createRouter } from './http/router.ts';
import type { Api } from './http/serve-api.ts';
import { serveApi } from './http/serve-api.ts';
import type { Page } from './page-hook.ts';
import { routes } from './routes/all.ts';
import type { StandIn } from './stand-in.ts';
import { createStandIn } from './stand-in/create.ts';
import { emptyState } from './state/memory.ts';
import type { World } from './world.ts';
import { createTurns } from './world.ts';

export interface GithubOptions {
  /** Milliseconds since 1970; this machine's clock by default. */
  readonly now?: () => number;
  /** Folder for the bare repositories; a temporary one, removed at the end, by default. */
  readonly directory?: string;
  /** 0, the default, takes any free port of 127.0.0.1. */
  readonly port?: number;
  readonly hooks?: Hooks;
  readonly page?: Page;
  /** Requests an hour a caller; 5,000 by default. */
  readonly rateLimit?: number;
}

/** Starts a stand-in for GitHub on loopback: REST under `/api/v3`, Git at `/owner/repo.git`. */
export async function startGithub(options: GithubOptions = {}): Promise<StandIn> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'sallyport-github-')));
  const closing = new AbortController();
  const world: World = {
    state: emptyState(),
    hooks: options.hooks ?? {},
    limits: new RateLimits(options.rateLimit),
    directory,
    url: '',
    now: options.now ?? Date.now,
    underWay: new Set(),
    closing: closing.signal,
    inTurn: createTurns(),
  };
  const api = { world, router: createRouter(routes), counter: { requests: 0 } };
  const server = createServer((request, response) => {
    serve(api, options.page, request, response).catch(() => response.destroy());
  });
  world.url = await listening(server, options.port ?? 0);
  return createStandIn(world, async () => {
    closing.abort();
    await Promise.allSettled(world.underWay);
    await closed(server);
    if (options.directory === undefined) {
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    }
  });
}

async function serve(
  api: Api,
  page: Page | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', api.world.url);
  if (pathname.startsWith('/api/v3/') || pathname === '/api/v3') {
    return serveApi(api, request, response);
  }
  if (await serveGit(api.world, request, response)) return;
  if (await serveManifest(api.world, request, response)) return;
  if (await page?.serve(request, response, api.world)) return;
  response.writeHead(404, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ message: 'Not Found', hint: 'The API is under /api/v3.' }));
}

async function listening(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closed(server: Server): Promise<void> {
  const done = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await done;
}
