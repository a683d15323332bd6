import { asSallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import { narrate, type Narrator } from '../sandbox/tour/narrator.ts';
import type { Rehearsal } from '../sandbox/tour/rehearsal.ts';
import { tourOwn } from '../sandbox/tour/own-tour.ts';
import { tourSample } from '../sandbox/tour/sample-tour.ts';
import { coloursOf, printJson } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Sets up, tells the story, and stays up until Ctrl-C; with `--once` it ends with the story. */
export async function run({ options, json }: Args, world: World): Promise<ExitCode> {
  const { signal } = world;
  const stream = json ? world.stderr : world.stdout;
  const say = narrate((text) => stream.write(text), coloursOf(stream, world.env));
  const { repo, environment } = options;
  const open = await world.parts.rehearsal();
  const rehearsal = await open({
    ...(typeof repo === 'string' ? { repository: repo } : {}),
    environment: typeof environment === 'string' ? environment : 'production',
    keep: options['keep'] === true,
    env: world.env,
    say,
    signal,
  });
  try {
    const { tour, urls } = rehearsal;
    await (typeof repo === 'string' ? tourOwn(tour, urls) : tourSample(tour));
    if (json) printJson(world, { page: tour.github.url, urls });
    tellWhatNext(rehearsal, say, options['once'] === true);
    if (options['once'] !== true) await ended(signal);
    return exitCodes.done;
  } catch (error) {
    if (signal.aborted) return exitCodes.done;
    throw asSallyportError(error);
  } finally {
    await rehearsal.stop();
  }
}

function tellWhatNext({ tour, urls, folder }: Rehearsal, say: Narrator, isOver: boolean): void {
  if (isOver) return;
  const { github, repository, environment } = tour;
  say.part('It stays up. Look around, and type commands yourself');
  say.note(`GitHub's pages   ${github.url}/${repository}`);
  for (const url of urls) say.note(`the service      ${url}`);
  say.note(`its state        sallyport status`);
  say.note(`what happened    sallyport history ${environment}`);
  say.note(`its files        ${folder}`);
  say.note('Ctrl-C ends it and leaves nothing behind.');
}

async function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
