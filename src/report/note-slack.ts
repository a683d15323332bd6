import type { Note } from '../model/note.ts';
import { noteFacts, noteTitle } from './note-words.ts';

/** What Slack's incoming webhooks and `chat.postMessage` take. */
export interface SlackMessage {
  /** For notifications, and where blocks are not shown. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

type PlainText = { readonly type: 'plain_text'; readonly text: string; readonly emoji: false };
type SlackBlock =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly fields: readonly PlainText[] }
  | {
      readonly type: 'context';
      readonly elements: readonly [
        { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true },
      ];
    };

/** People's words only as `plain_text`, in which nothing mentions, links or formats. */
export function noteToSlack(note: Note): SlackMessage {
  const title = noteTitle(note);
  const fields = noteFacts(note).map(({ name, text }) => plain(`${name}\n${text}`));
  return {
    text: escapeSlack(title),
    blocks: [
      { type: 'header', text: plain(title) },
      { type: 'section', fields },
      ...(note.link === null ? [] : [linkTo(note.link)]),
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** The three signs that Slack's markup is made of: without them there is no mention and no link. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function plain(text: string): PlainText {
  return { type: 'plain_text', text, emoji: false };
}

function linkTo(link: string): SlackBlock {
  const url = escapeSlack(link.replaceAll('|', '%7C'));
  return {
    type: 'context',
    elements: [{ type: 'mrkdwn', text: `<${url}|Read on>`, verbatim: true }],
  };
}
