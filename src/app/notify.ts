import { endNote } from '../deploy/end-note.ts';
import type { Reading } from '../deploy/reader.ts';
import type { Job } from '../model/job.ts';
import { hostNotes } from '../notify/host-notes.ts';
import { notesOf } from '../notify/notes-of.ts';
import type { NotePlace } from '../notify/place.ts';
import type { Found } from './find-deployment.ts';
import type { Repository } from './ports.ts';
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

/** Where notes of a repository lead to. */
export function placeOf({ owner, name, url }: Repository): NotePlace {
  return {
    repository: { name: `${owner}/${name}`, url },
    linkOf: ({ reply }: Job) =>
      reply ? `${url}/issues/${reply.issue}#issuecomment-${reply.comment}` : `${url}/deployments`,
  };
}
