import { reissueLost } from '../deploy/reissue.ts';
import { asSallyportError } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { deployMissedTags, type KnownTags } from './missed-tags.ts';
import { tellLost } from './silent-hosts.ts';
import { showDeployment } from './show-deployment.ts';
import { showTaken } from './show-taken.ts';
import type { AppWorld } from './world.ts';

/** Between two sweeps, in ms; at most a tenth shorter or longer, so that Apps do not sweep in step. */
const intervalMs = 60_000;

/**
 * Looks after what no event tells: jobs that an App left without a place (one that ended between
 * writing a job and binding it, or that another App overtook), and tags that came together. Goes on
 * until aborted; never rejects.
 */
export async function sweepUntil(
  signal: AbortSignal,
  worlds: { opened(): Promise<readonly AppWorld[]> },
  clock: Clock,
): Promise<void> {
  const knownTags: KnownTags = new Map();
  for (;;) {
    try {
      await clock.sleep(intervalMs * (0.9 + clock.random() * 0.2), signal);
    } catch {
      return;
    }
    for (const world of await worlds.opened()) {
      if (signal.aborted) return;
      await sweep(world, signal);
      await sweepTaken(world, signal);
      await sweepTags(knownTags, world, signal);
      await tellLost(world);
    }
  }
}

/** Hosts speak of themselves at their leisure, and GitHub lists it some seconds after it told of it. */
async function sweepTaken(world: AppWorld, signal: AbortSignal): Promise<void> {
  try {
    const { environments } = await world.reader.refresh(signal);
    for (const environment of environments.values()) await showTaken(environment, world);
  } catch (error) {
    if (signal.aborted) return;
    const { code, message } = asSallyportError(error);
    const { url: repository } = world.repository;
    world.log.warn('what is staged could not be looked after', { repository, code, message });
  }
}

/** What goes wrong stands in the log, and is tried again next time. */
async function sweepTags(known: KnownTags, world: AppWorld, signal: AbortSignal): Promise<void> {
  try {
    await deployMissedTags(known, world);
  } catch (error) {
    if (signal.aborted) return;
    const { code, message } = asSallyportError(error);
    const { url: repository } = world.repository;
    world.log.warn('tags could not be looked after', { repository, code, message });
  }
}

/** One look at one repository. What goes wrong stands in the log, and is tried again next time. */
export async function sweep(world: AppWorld, signal?: AbortSignal): Promise<void> {
  const { log, repository } = world;
  try {
    for (const { deployment, job } of await reissueLost(world, signal)) {
      log.info('a job that had no place was given one', {
        repository: repository.url,
        environment: job.environment,
        deployment,
      });
      await showDeployment(deployment, world);
    }
  } catch (error) {
    if (signal?.aborted) return;
    const { code, message } = asSallyportError(error);
    log.warn('jobs without a place could not be looked after', {
      repository: repository.url,
      code,
      message,
    });
  }
}
