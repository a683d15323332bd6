import type { Note } from '../model/note.ts';

/** What a generic webhook is sent: the note itself, its time as ISO 8601. */
export type NoteJson = Omit<Note, 'at'> & { readonly at: string };

export function noteToJson(note: Note): NoteJson {
  return { ...note, at: new Date(note.at).toISOString() };
}
