import type { CancelCommand } from '../../command/command.ts';
import { mayBeStopped, type DeploymentView } from '../../deploy/fold-deployment.ts';
import type { EnvironmentView } from '../../deploy/fold-environment.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import { begun } from '../begun.ts';
import { readPolicy } from '../configuration.ts';
import { endByPerson } from '../end-by-person.ts';
import { requireMay, requireMayHere, tellDone, type PersonRequest } from '../person.ts';
import type { AppWorld } from '../world.ts';

/** `/cancel <env>`: ends whatever has not begun to change anything there. */
export async function cancel(
  request: PersonRequest<CancelCommand>,
  world: AppWorld,
): Promise<void> {
  const { command, event } = request;
  const policy = begun(readPolicy(world.github, world.repository.defaultBranch));
  const reading = begun(world.reader.refresh());
  await requireMay(request, world);
  const { environment, params } = command;
  await requireMayHere(request, environment, await policy, world);
  const { environments } = await reading;
  const views = stoppable(environment, environments.get(environment));
  const reason = params['reason'] ?? null;
  for (const view of views) {
    await endByPerson({ view, state: 'cancelled', by: event.author, reason }, await reading, world);
  }
  const which = views.map(({ deployment }) => deployment).join(', ');
  const message = `Cancelled on \`${environment}\`, before anything was changed: ${which}.`;
  await tellDone(request, { message, next: null }, world);
}

function stoppable(
  name: string,
  environment: EnvironmentView | undefined,
): readonly DeploymentView[] {
  const { running = null, queue = [], plans = [] } = environment ?? {};
  const open = [...(running ? [running] : []), ...queue, ...plans];
  const views = open.filter(mayBeStopped);
  if (views.length > 0) return views;
  throw new SallyportError({
    code: 'nothing_to_cancel',
    message: running
      ? `Deployment ${running.deployment} to ${name} has begun to change things`
      : `Nothing waits or runs on ${name}`,
    hint: running ? `When it is over, you may go back: /rollback ${name}` : `/status ${name}`,
    exit: running ? exitCodes.refused : exitCodes.notFound,
  });
}
