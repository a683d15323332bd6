import { SallyportError } from '../../model/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Probe } from '../../ports/probe.ts';
import type { StandIn } from '../github/stand-in.ts';
import { sampleFiles } from '../sample/service.ts';
import { deploymentEnds, newestDeployment, type Ended } from './follow.ts';
import type { Narrator } from './narrator.ts';
import { Visitor } from './visitor.ts';

/** What a tour needs: a GitHub with the App installed, an agent at work, and somebody to tell. */
export interface TourWorld {
  readonly github: StandIn;
  /** `owner/name`, with its config in place. */
  readonly repository: string;
  /** Who opens pull requests and types commands. */
  readonly login: string;
  readonly environment: string;
  /** Where people reach the service. */
  readonly serviceUrl: string;
  readonly probe: Probe;
  readonly clock: Clock;
  readonly say: Narrator;
  readonly signal: AbortSignal;
}

/** GitHub tells times in whole seconds: a comment in the same second as a push is refused. */
export const clearlyLaterMs = 2_100;

/** Deploys a pull request, then one that is broken, and checks from outside what became of both. */
export async function tourSample(world: TourWorld): Promise<void> {
  const { github, repository, login, serviceUrl, say, probe, clock } = world;
  say.part('A pull request');
  const pull = await openPull(world);
  say.fact(`${login} opened ${github.url}/${repository}/pull/${pull}`);

  say.part('A comment deploys it');
  const first = await deploy(world, pull);
  expectState(first, 'success');
  await expectVersion(world, '1.1.0');
  say.fact(`${serviceUrl} answers as version 1.1.0`);

  say.part('A broken commit, while visitors come and go');
  const visitor = new Visitor(serviceUrl, probe, clock);
  await push(world, '1.2.0', 'broken');
  const second = await deploy(world, pull);
  expectState(second, 'failure');
  const { answered, failed } = await visitor.stop();
  if (failed.length > 0)
    throw broken(`${failed.length} of ${answered + failed.length} visits failed: ${failed[0]}`);
  await expectVersion(world, '1.1.0');
  say.fact(`it never got traffic: ${serviceUrl} answers as version 1.1.0`);
  say.fact(`${answered} visits meanwhile, none failed`);
}

async function openPull(world: TourWorld): Promise<number> {
  const { github, repository, login, clock, signal } = world;
  await push(world, '1.1.0', 'good');
  const { number } = await github.openPullRequest({
    repository,
    head: 'greet',
    title: 'Greet more warmly',
    body: 'The page gets a heading.',
    by: login,
  });
  await clock.sleep(clearlyLaterMs, signal);
  return number;
}

async function push(world: TourWorld, version: string, kind: 'good' | 'broken'): Promise<void> {
  const { github, repository, login, clock, signal, say } = world;
  const message = kind === 'good' ? 'Greet more warmly' : 'Ask the database for the greeting';
  await github.commit({
    repository,
    branch: 'greet',
    files: sampleFiles(version, kind),
    message,
    by: login,
  });
  say.note(`${login} pushed “${message}” (version ${version})`);
  await clock.sleep(clearlyLaterMs, signal);
}

/** Types the command and waits for its deployment to end; the agent's steps are told meanwhile. */
export async function deploy(world: TourWorld, issue: number): Promise<Ended> {
  const { github, repository, login, environment, clock, say, signal } = world;
  const after = newestDeployment(github, repository);
  const text = `/deploy ${environment}`;
  say.types(login, text);
  const { id: comment } = github.comment(repository, issue, login, text);
  const ended = await deploymentEnds(github, repository, { after, comment }, clock, signal);
  say.note(`GitHub shows deployment ${ended.deployment}: ${ended.state} (${ended.description})`);
  return ended;
}

async function expectVersion({ probe, serviceUrl }: TourWorld, version: string): Promise<void> {
  const { status, body, error } = await probe.get(`${serviceUrl}/version`, 5_000);
  if (status === 200 && body.trim() === version) return;
  throw broken(`${serviceUrl}/version gave ${error ?? `${status} ${body.trim()}`}, not ${version}`);
}

/** Rejects where a deployment ended otherwise than the tour says it does. */
function expectState(ended: Ended, state: string): void {
  if (ended.state === state) return;
  throw broken(`deployment ${ended.deployment} ended as ${ended.state}: ${ended.description}`);
}

function broken(message: string): SallyportError {
  return new SallyportError({
    code: 'tour_failed',
    message: `The tour went wrong: ${message}`,
    hint: 'sallyport try --once --keep, then look at the logs in the folder that it names',
  });
}
