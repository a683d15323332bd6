import type { Note } from '../model/note.ts';
import { noteFacts, noteTitle } from './note-words.ts';

/** What a Teams workflow “when a webhook request is received” takes: one Adaptive Card. */
export interface TeamsMessage {
  readonly type: 'message';
  readonly attachments: readonly [
    {
      readonly contentType: 'application/vnd.microsoft.card.adaptive';
      readonly contentUrl: null;
      readonly content: AdaptiveCard;
    },
  ];
}

interface AdaptiveCard {
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly type: 'AdaptiveCard';
  readonly version: '1.4';
  readonly body: readonly RichText[];
  readonly actions: readonly { type: 'Action.OpenUrl'; title: string; url: string }[];
}

interface RichText {
  readonly type: 'RichTextBlock';
  readonly inlines: readonly TextRun[];
}

interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly size?: 'Medium';
}

/** Text runs only: other than text blocks and facts, they know no Markdown. */
export function noteToTeams(note: Note): TeamsMessage {
  const title: TextRun = {
    type: 'TextRun',
    text: noteTitle(note),
    weight: 'Bolder',
    size: 'Medium',
  };
  const lines = noteFacts(note).map(({ name, text }): readonly TextRun[] => [
    { type: 'TextRun', text: `${name}: `, weight: 'Bolder' },
    { type: 'TextRun', text },
  ]);
  const body = [[title], ...lines].map((inlines): RichText => ({ type: 'RichTextBlock', inlines }));
  const { link } = note;
  const content: AdaptiveCard = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body,
    actions: link === null ? [] : [{ type: 'Action.OpenUrl', title: 'Read on', url: link }],
  };
  return {
    type: 'message',
    attachments: [
      { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content },
    ],
  };
}
