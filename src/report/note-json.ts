import type { Note } from '../model/note.ts';
import { noteTitle } from './note-words.ts';

/** What a generic webhook is sent: the note itself, its time as ISO 8601, and a line for people. */
export type NoteJson = Omit<Note, 'at'> & { readonly at: string; readonly title: string };

export function noteToJson(note: Note): NoteJson {
  return { ...note, at: new Date(note.at).toISOString(), title: noteTitle(note) };
}
