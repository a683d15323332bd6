import { endNote } from '../deploy/end-note.ts';
import type { Reading } from '../deploy/reader.ts';
import { mayBeSilent } from '../deploy/silent-hosts.ts';
import { asSallyportError } from '../model/errors.ts';
import type { Job } from '../model/job.ts';
import { hostNotes } from '../notify/host-notes.ts';
import { lostHosts } from '../notify/lost-hosts.ts';
import { notesOf } from '../notify/notes-of.ts';
import type { NotePlace } from '../notify/place.ts';
import { readPolicy } from './configuration.ts';
import type { Found } from './find-deployment.ts';
import type { Repository } from './ports.ts';
import { answerSilence } from './silent-hosts.ts';
import type { AppWorld } from './world.ts';

/** Tells whoever is to be told of what a deployment came to, once. Never rejects: nothing waits for that. */
export async function tellOf(
  { view, environment }: Found,
  reading: Reading,
  world: AppWorld,
): Promise<void> {
  const place = placeOf(world.repository);
  const notes = [...notesOf(view, endNote(view, reading), place), ...hostNotes(environment, place)];
  for (const note of notes) await world.tell(note);
}

/** Tells of hosts that deployments wait for in vain, once each, and does what the policy says of them. Never rejects. */
export async function tellLost(world: AppWorld): Promise<void> {
  const { reader, github, repository, log } = world;
  try {
    const reading = await reader.refresh();
    const { now } = reading;
    const suspects = [...reading.environments.values()].filter((each) => mayBeSilent(each, now));
    if (suspects.length === 0) return;
    const { config } = await readPolicy(github, repository.defaultBranch);
    for (const environment of suspects) {
      const policy = config.environments[environment.name];
      const notes = policy ? lostHosts(environment, policy, now, placeOf(repository)) : [];
      for (const note of notes) await world.tell(note);
      if (policy) await answerSilence(environment, policy, reading, world);
    }
  } catch (error) {
    const { code, message } = asSallyportError(error);
    log.warn('silent hosts could not be looked for', { code, message });
  }
}

function placeOf({ owner, name, url }: Repository): NotePlace {
  return {
    repository: { name: `${owner}/${name}`, url },
    linkOf: ({ reply }: Job) =>
      reply ? `${url}/issues/${reply.issue}#issuecomment-${reply.comment}` : `${url}/deployments`,
  };
}
