import { notifierOpener } from '../adapters/notifier/open-notifier.ts';
import type { OpenNotifier } from '../notify/sender.ts';
import type { Memory } from '../ports/outbox.ts';
import { noteToJson } from '../report/note-json.ts';
import { noteToMail } from '../report/note-mail.ts';
import { noteToPagerduty } from '../report/note-pagerduty.ts';
import { noteToSlack } from '../report/note-slack.ts';
import { noteToTeams } from '../report/note-teams.ts';

/** What speaks to receivers, with the sender's own variables. */
export function openNotifiers(
  env: Readonly<Record<string, string | undefined>>,
  memory: Memory,
): OpenNotifier {
  const texts = {
    slack: noteToSlack,
    teams: noteToTeams,
    mail: noteToMail,
    pagerduty: noteToPagerduty,
    json: noteToJson,
  };
  return notifierOpener({ env, memory, texts });
}
