import type { Note } from '../model/note.ts';
import { noteFacts, noteTitle } from './note-words.ts';

/** What PagerDuty's Events API v2 takes, but for the routing key. */
export interface PagerdutyEvent {
  readonly event_action: 'trigger' | 'resolve';
  /** One incident at a time for each environment of a repository. */
  readonly dedup_key: string;
  readonly client: 'Sallyport';
  readonly client_url?: string;
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  readonly payload: {
    readonly summary: string;
    readonly source: string;
    readonly severity: 'error';
    readonly timestamp: string;
    readonly component: string;
    readonly group: string;
    readonly class: string;
    readonly custom_details: Readonly<Record<string, string>>;
  };
}

/** A failure opens an incident, a completed deployment closes it; of the rest PagerDuty is not told. */
export function noteToPagerduty(note: Note): PagerdutyEvent | null {
  const { event, repository, environment, link } = note;
  if (event !== 'failed' && event !== 'completed') return null;
  // The traffic is where it was.
  if (note.reason === 'staged') return null;
  return {
    event_action: event === 'failed' ? 'trigger' : 'resolve',
    dedup_key: `sallyport/${repository.name}/${environment}`.slice(0, 255),
    client: 'Sallyport',
    ...(repository.url === null ? {} : { client_url: repository.url }),
    ...(link === null ? {} : { links: [{ href: link, text: 'Read on' }] }),
    payload: {
      summary: noteTitle(note),
      source: repository.name,
      severity: 'error',
      timestamp: new Date(note.at).toISOString(),
      component: environment,
      group: repository.name,
      class: note.reason,
      custom_details: Object.fromEntries(noteFacts(note).map(({ name, text }) => [name, text])),
    },
  };
}
