import { SallyportError, asSallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import { narrate, type Narrator } from '../sandbox/tour/narrator.ts';
import type { Rehearsal } from '../sandbox/tour/rehearsal.ts';
import { tourOwn } from '../sandbox/tour/own-tour.ts';
import { tourSample } from '../sandbox/tour/sample-tour.ts';
import { coloursOf, printJson } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/**
 * Sets up, tells the story, and stays up until Ctrl-C; with `--once` it ends with the story. With
 * `--json` the story goes to standard error.
 */
export async function run({ options, json }: Args, world: World): Promise<ExitCode> {
  const { signal } = world;
  const stream = json ? world.stderr : world.stdout;
  const say = narrate((text) => stream.write(text), coloursOf(stream, world.env));
  const { repo, environment } = options;
  const [once, keep] = [options['once'] === true, options['keep'] === true];
  const open = await world.parts.rehearsal();
  const rehearsal = await open({
    ...(typeof repo === 'string' ? { repository: repo } : {}),
    environment: typeof environment === 'string' ? environment : 'production',
    keep,
    env: world.env,
    say,
    signal,
  });
  const { tour, urls, folder } = rehearsal;
  const document = { page: tour.github.url, urls, folder: keep ? folder : null };
  try {
    await (typeof repo === 'string' ? tourOwn(tour, urls) : tourSample(tour));
    if (!once) {
      if (json) printJson(world, document);
      tellWhatNext(rehearsal, say);
      await ended(signal);
    }
  } catch (error) {
    if (!signal.aborted) throw asSallyportError(error);
    if (once) throw interrupted();
  } finally {
    await rehearsal.stop();
    if (keep) say.note(`Its files are in ${folder}`);
  }
  if (once && json) printJson(world, document);
  return exitCodes.done;
}

/** Who asked for the whole story must not take its beginning for it. */
function interrupted(): SallyportError {
  return new SallyportError({
    code: 'interrupted',
    message: 'Interrupted before the end; nothing of it runs any more',
    hint: 'sallyport try --once',
  });
}

function tellWhatNext({ tour, urls, folder }: Rehearsal, say: Narrator): void {
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
