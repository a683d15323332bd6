import type { Note } from '../../model/note.ts';
import type { Memory } from '../../ports/outbox.ts';
import type { Send } from '../github-http/send.ts';

/** A note as each medium wants it, escaped for that medium. */
export interface NoteTexts {
  readonly slack: (note: Note) => { readonly text: string };
  readonly teams: (note: Note) => object;
  readonly mail: (note: Note) => { readonly subject: string; readonly text: string };
  /** `null` where PagerDuty is not told. */
  readonly pagerduty: (
    note: Note,
  ) => { readonly event_action: string; readonly dedup_key: string } | null;
  readonly json: (note: Note) => object;
}

/** What notifiers are made with. */
export interface NotifierWorld {
  /** The value of a `$NAME`, never empty. Throws where there is none. */
  readonly secret: (name: string) => string;
  readonly texts: NoteTexts;
  readonly memory: Memory;
  readonly send: Send;
  /** Roots of the services' APIs. */
  readonly slackApi: string;
  readonly pagerdutyApi: string;
  /** For the whole of a delivery, in ms. */
  readonly timeoutMs: number;
  /** PEM of authorities that mail servers may be certified by, besides those that Node knows. */
  readonly mailAuthorities?: readonly string[] | undefined;
}
