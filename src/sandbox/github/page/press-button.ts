import type { IncomingMessage } from 'node:http';
import { pressAction } from '../acts/press.ts';
import { findUser } from '../state/memory.ts';
import type { CheckRun, Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import { comesFromThisPage, readForm } from './read-form.ts';

/** Takes the click on a button of a check run; gives what is wrong with it, or null. */
export async function pressButton(
  world: World,
  repository: Repository,
  run: CheckRun,
  request: IncomingMessage,
): Promise<string | null> {
  if (!comesFromThisPage(request)) return 'Only the page itself may press buttons.';
  const form = await readForm(request);
  const identifier = form.get('identifier') ?? '';
  const by = findUser(world.state, form.get('login') ?? '');
  if (by?.type !== 'User') return 'Nobody of that name is here.';
  if (!run.actions.some((action) => action.identifier === identifier)) {
    return 'The check run has no such button any more.';
  }
  pressAction(world, repository, run, { identifier, by });
  return null;
}
