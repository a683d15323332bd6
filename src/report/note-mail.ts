import type { Note } from '../model/note.ts';
import { noteFacts, noteTitle } from './note-words.ts';

/** Plain text, and a subject of one line: nothing in it can begin another header. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
}

export function noteToMail(note: Note): MailText {
  const subject = noteTitle(note);
  const lines = noteFacts(note).map(({ name, text }) => `${`${name}:`.padEnd(13)}${text}`);
  const link = note.link === null ? [] : ['', note.link];
  return { subject, text: [subject, '', ...lines, ...link, ''].join('\n') };
}
