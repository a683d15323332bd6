import { appJson } from '../json/app.ts';
import { checkRunEventJson } from '../json/checks.ts';
import type { CheckRun, Repository, User } from '../state/types.ts';
import { emitTo } from '../webhooks/emit.ts';
import type { World } from '../world.ts';

/** Somebody presses a button of a check run: only the App that made it is told. */
export function pressAction(
  world: World,
  repository: Repository,
  run: CheckRun,
  press: { readonly identifier: string; readonly by: User },
): void {
  const { identifier, by: sender } = press;
  const check_run = {
    ...checkRunEventJson(world, repository, run),
    app: appJson(world, run.app),
  };
  const payload = { check_run, requested_action: { identifier } };
  const event = { name: 'check_run', action: 'requested_action', repository, sender, payload };
  emitTo(world, run.app, event);
}
