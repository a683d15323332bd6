import type { CancelCommand } from '../../command/command.ts';
import { mayBeStopped, type DeploymentView } from '../../deploy/fold-deployment.ts';
import type { EnvironmentView } from '../../deploy/fold-environment.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import { begun } from '../begun.ts';
import { readPolicy } from '../configuration.ts';
import { endByPerson } from '../end-by-person.ts';
import { requireMay, requireMayHere, tellDone, type PersonRequest } from '../person.ts';
import { tooLate } from '../too-late.ts';
import type { AppWorld } from '../world.ts';

/**
 * `/cancel <env>`: ends what has not begun there, and stops what has at its next safe point. Where
 * something was asked for in this pull request or issue, only that; else everything.
 */
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
  const views = cancellable(environment, environments.get(environment), request);
  const reason = params['reason'] ?? null;
  // What waits goes first, so that it does not begin when what runs has stopped.
  const waiting = views.filter(mayBeStopped);
  const underWay = views.filter((view) => !mayBeStopped(view));
  const after: DeploymentView[] = [];
  for (const view of [...waiting, ...underWay]) {
    const ending = { view, state: 'cancelled', by: event.author, reason } as const;
    after.push(await endByPerson(ending, await reading, world));
  }
  // Hosts and other people went on meanwhile: what is told is what came of it.
  const ended = after.filter(({ state }) => state === 'cancelled');
  const stopping = after.filter(({ stopping: word }) => word !== null);
  const [late] = after.filter((view) => !ended.includes(view) && !stopping.includes(view));
  if (late && ended.length + stopping.length === 0) throw tooLate(late);
  const message = [
    ...(ended.length > 0
      ? [`Cancelled on \`${environment}\`, before anything was changed: ${numbersOf(ended)}.`]
      : []),
    ...(stopping.length > 0 ? [stoppingInWords(stopping, environment)] : []),
  ].join(' ');
  await tellDone(request, { message, next: null }, world);
}

function cancellable(
  name: string,
  environment: EnvironmentView | undefined,
  { event, deployment }: PersonRequest<CancelCommand>,
): readonly DeploymentView[] {
  const { running = null, queue = [], plans = [] } = environment ?? {};
  const open = [...(running ? [running] : []), ...queue, ...plans];
  const views = open.filter(({ stopping }) => stopping === null);
  const own = views.filter(({ job }) => job.reply?.issue === event.issue);
  const ownFirst = own.length > 0 ? own : views;
  const meant =
    deployment === undefined ? ownFirst : views.filter((view) => view.deployment === deployment);
  if (meant.length > 0) return meant;
  const stopping = running?.stopping ?? null;
  throw new SallyportError({
    code: stopping ? 'stops_already' : 'nothing_to_cancel',
    message: stopping
      ? `Deployment ${running?.deployment} to ${name} stops already: ${stopping.words}`
      : `Nothing waits or runs on ${name}`,
    hint: `/status ${name}`,
    exit: stopping ? exitCodes.refused : exitCodes.notFound,
  });
}

function stoppingInWords(views: readonly DeploymentView[], environment: string): string {
  return `Deployment ${numbersOf(views)} to \`${environment}\` has begun: its host stops before the next step where that is safe and goes back; once the new version is switched to, it is too late. Its own comment says where it stopped.`;
}

function numbersOf(views: readonly DeploymentView[]): string {
  return views.map(({ deployment }) => deployment).join(', ');
}
