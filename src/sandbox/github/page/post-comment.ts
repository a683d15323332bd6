import type { IncomingMessage } from 'node:http';
import { addComment } from '../acts/comments.ts';
import { findUser } from '../state/memory.ts';
import type { Issue, Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import { comesFromThisPage, readForm } from './read-form.ts';

const longest = 65_536;

/** Takes the page's form; gives what is wrong with it, or null when the comment stands. */
export async function postComment(
  world: World,
  repository: Repository,
  issue: Issue,
  request: IncomingMessage,
): Promise<string | null> {
  if (!comesFromThisPage(request)) return 'Only the page itself may send comments.';
  const form = await readForm(request);
  const body = (form.get('body') ?? '').replaceAll('\r\n', '\n').trim();
  if (body === '') return 'A comment needs some text.';
  if (body.length > longest) return `A comment has at most ${longest} characters.`;
  const author = findUser(world.state, form.get('login') ?? '');
  if (author?.type !== 'User') return 'Nobody of that name is here.';
  addComment(world, repository, issue, { author, app: null, body });
  return null;
}
