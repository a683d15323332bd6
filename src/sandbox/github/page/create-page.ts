import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page } from '../page-hook.ts';
import { findRepository } from '../state/memory.ts';
import type { Issue, Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import { commitPage } from './commit-page.ts';
import { deploymentsPage } from './deployments-page.ts';
import { issuePage } from './issue-page.ts';
import type { PageContent } from './layout.ts';
import { contentSecurityPolicy, document } from './layout.ts';
import { overviewPage } from './overview-page.ts';
import { postComment } from './post-comment.ts';
import { pressButton } from './press-button.ts';

/** The web page of the stand-in, for `startGithub({ page })`. */
export function createPage(): Page {
  return { serve };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  world: World,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', world.url);
  const segments = segmentsOf(url);
  if (segments === null || !isLoopback(request)) return false;
  if (request.method === 'POST') {
    const isPress = segments[2] === 'runs';
    return (isPress ? takePress : takeComment)(world, segments, request, response);
  }
  if (request.method !== 'GET') return false;
  const content = await contentOf(world, segments);
  if (content === null) return false;
  if (url.searchParams.has('live')) sendLive(request, response, content);
  else send(response, 200, 'text/html', document(content));
  return true;
}

function segmentsOf({ pathname }: URL): readonly string[] | null {
  try {
    return pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** A name that an attacker's DNS points at loopback is not ours. */
function isLoopback({ headers }: IncomingMessage): boolean {
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(headers.host ?? '');
}

async function contentOf(
  world: World,
  [owner, name, kind, item, ...more]: readonly string[],
): Promise<PageContent | null> {
  if (owner === undefined) return overviewPage(world, null);
  const repository = findRepository(world.state, owner, name ?? '');
  if (!repository || more.length > 0) return null;
  if (kind === undefined) return overviewPage(world, repository);
  if (kind === 'deployments') return deploymentsPage(world, repository, item ?? null);
  if (kind === 'commit' && /^[0-9a-f]{7,40}$/.test(item ?? '')) {
    return commitPage(world, repository, item!);
  }
  const issue = issueOf(repository, kind, item);
  return issue && issuePage(world, repository, issue);
}

function issueOf(repository: Repository, kind: string, number: string | undefined): Issue | null {
  if (kind !== 'pull' && kind !== 'issues') return null;
  return repository.issues.find((issue) => String(issue.number) === number) ?? null;
}

async function takeComment(
  world: World,
  [owner = '', name = '', kind = '', number, comments, ...more]: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const repository = findRepository(world.state, owner, name);
  const issue = repository && issueOf(repository, kind, number);
  if (!issue || comments !== 'comments' || more.length > 0) return false;
  const problem = await postComment(world, repository, issue, request);
  if (problem !== null) {
    send(response, 422, 'text/plain', problem);
    return true;
  }
  response.writeHead(303, { location: `/${owner}/${name}/${kind}/${number}` });
  response.end();
  return true;
}

async function takePress(
  world: World,
  [owner = '', name = '', , id, actions, ...more]: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const repository = findRepository(world.state, owner, name);
  const run = repository?.checkRuns.find((one) => String(one.id) === id);
  if (!repository || !run || actions !== 'actions' || more.length > 0) return false;
  const problem = await pressButton(world, repository, run, request);
  if (problem !== null) {
    send(response, 422, 'text/plain', problem);
    return true;
  }
  response.writeHead(303, { location: `/${owner}/${name}/commit/${run.sha}` });
  response.end();
  return true;
}

function sendLive(request: IncomingMessage, response: ServerResponse, { live }: PageContent): void {
  const text = JSON.stringify({ html: live.text });
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag });
    response.end();
    return;
  }
  send(response, 200, 'application/json', text, { etag });
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
}
