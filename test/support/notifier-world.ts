import { createSend } from '../../src/adapters/github-http/send.ts';
import { secretsFrom } from '../../src/adapters/notifier/secrets.ts';
import type { NotifierWorld } from '../../src/adapters/notifier/world.ts';
import { noteToJson } from '../../src/report/note-json.ts';
import { noteToMail } from '../../src/report/note-mail.ts';
import { noteToPagerduty } from '../../src/report/note-pagerduty.ts';
import { noteToSlack } from '../../src/report/note-slack.ts';
import { noteToTeams } from '../../src/report/note-teams.ts';
import { keptMemory } from './kept-memory.ts';

/** Notifiers that are impatient, and whose services are all at one address. */
export function notifierWorld(
  env: Readonly<Record<string, string>>,
  api: string,
  more: Partial<NotifierWorld> = {},
): NotifierWorld {
  return {
    secret: secretsFrom(env),
    texts: {
      slack: noteToSlack,
      teams: noteToTeams,
      mail: noteToMail,
      pagerduty: noteToPagerduty,
      json: noteToJson,
    },
    memory: keptMemory(),
    send: createSend(),
    slackApi: `${api}/api`,
    pagerdutyApi: api,
    timeoutMs: 300,
    ...more,
  };
}
