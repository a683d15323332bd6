import type { RejectCommand } from '../../command/command.ts';
import { begun } from '../begun.ts';
import { readPolicy } from '../configuration.ts';
import { endByPerson } from '../end-by-person.ts';
import { findWaiting } from '../find-waiting.ts';
import { requireMay, requireMayHere, tellDone, type PersonRequest } from '../person.ts';
import { tooLate } from '../too-late.ts';
import type { AppWorld } from '../world.ts';

/** `/reject [env] [reason]`: ends the deployment that awaits approval. */
export async function reject(
  request: PersonRequest<RejectCommand>,
  world: AppWorld,
): Promise<void> {
  const { command, event } = request;
  const policy = begun(readPolicy(world.github, world.repository.defaultBranch));
  const reading = begun(world.reader.refresh());
  await requireMay(request, world);
  const { environment, params } = command;
  const { environments } = await reading;
  const { deployment } = request;
  const { issue } = event;
  const wanted = { command: 'reject', environment, digest: null, issue, deployment };
  const view = findWaiting(wanted, environments);
  await requireMayHere(request, view.job.environment, await policy, world);
  const reason = params['reason'] ?? null;
  const ending = { view, state: 'rejected', by: event.author, reason } as const;
  const after = await endByPerson(ending, await reading, world);
  if (after.state !== 'rejected') throw tooLate(after);
  const message = `Deployment ${view.deployment} to \`${view.job.environment}\` is rejected: nothing was changed.`;
  await tellDone(request, { message, next: null }, world);
}
