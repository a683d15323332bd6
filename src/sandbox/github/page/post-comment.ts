import type { IncomingMessage } from 'node:http';
import { addComment } from '../acts/comments.ts';
import { findUser } from '../state/memory.ts';
import type { Issue, Repository } from '../state/types.ts';
import type { World } from '../world.ts';

const longest = 65_536;
const maxBytes = longest * 12;

/** Takes the page's form; gives what is wrong with it, or null when the comment stands. */
export async function postComment(
  world: World,
  repository: Repository,
  issue: Issue,
  request: IncomingMessage,
): Promise<string | null> {
  if (!comesFromThisPage(request)) return 'Only the page itself may send comments.';
  const form = new URLSearchParams(await readText(request));
  const body = (form.get('body') ?? '').replaceAll('\r\n', '\n').trim();
  if (body === '') return 'A comment needs some text.';
  if (body.length > longest) return `A comment has at most ${longest} characters.`;
  const author = findUser(world.state, form.get('login') ?? '');
  if (author?.type !== 'User') return 'Nobody of that name is here.';
  addComment(world, repository, issue, { author, app: null, body });
  return null;
}

/** Any web page may make a browser send a form to loopback; its `Origin` tells it apart. */
function comesFromThisPage({ headers }: IncomingMessage): boolean {
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) return '';
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
