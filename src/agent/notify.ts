import type { EnvironmentView } from '../deploy/fold-environment.ts';
import { endNote } from '../deploy/end-note.ts';
import type { Reading } from '../deploy/reader.ts';
import type { Note } from '../model/note.ts';
import { hostNotes } from '../notify/host-notes.ts';
import { notesOf } from '../notify/notes-of.ts';
import type { NotePlace } from '../notify/place.ts';
import type { Tell } from '../notify/teller.ts';

/** Told whenever the ledger has answered; whoever calls it waits for nothing. */
export type OnReading = (reading: Reading) => void;

/** Tells of what happens where no App does: what one reading of the ledger shows, before the next. */
export function readingTeller(
  environments: readonly string[],
  place: NotePlace,
  tell: Tell,
): OnReading {
  let telling: Promise<void> | null = null;
  return (reading) => {
    telling ??= tellAll(notesIn(environments, reading, place), tell).finally(() => {
      telling = null;
    });
  };
}

async function tellAll(notes: readonly Note[], tell: Tell): Promise<void> {
  for (const note of notes) await tell(note);
}

function notesIn(
  environments: readonly string[],
  reading: Reading,
  place: NotePlace,
): readonly Note[] {
  const views = environments.flatMap((name) => reading.environments.get(name) ?? []);
  return views.flatMap((view: EnvironmentView) => [
    ...view.deployments.flatMap((each) => notesOf(each, endNote(each, reading), place)),
    ...hostNotes(view, place),
  ]);
}
