import type { Note } from '../model/note.ts';

/** Somewhere people are told of deployments: a chat, a mailbox, a program. */
export interface Notifier {
  /**
   * Hands the note over; sent twice, it may arrive twice. Rejects with a SallyportError after 10 s
   * at the latest: with `next: 'retry'` where another try may help, after `retryAfterMs` where
   * the receiver said so; with any other where it will not.
   */
  send(note: Note, signal?: AbortSignal): Promise<void>;
}
