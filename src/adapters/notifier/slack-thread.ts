import { z } from 'zod';
import type { Notify } from '../../config/notify.ts';
import { SallyportError } from '../../model/errors.ts';
import type { Note, NotifiedEvent } from '../../model/note.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { post } from './post.ts';
import type { NotifierWorld } from './world.ts';

const Answer = z.object({
  ok: z.boolean(),
  ts: z.string().max(40).optional(),
  error: z.string().max(200).optional(),
});

/** Errors that Slack says with a status of 200, and that may pass. */
const passing: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'request_timeout',
  'service_unavailable',
]);

/** What is shown in the channel too, not in the thread alone. */
const loud: ReadonlySet<NotifiedEvent> = new Set(['awaiting-approval', 'failed', 'rolled-back']);

/** A channel of Slack, through a bot's token: one thread for each deployment. */
export function slackThreadNotifier(
  receiver: Extract<Notify, { slack_token: string }>,
  world: NotifierWorld,
): Notifier {
  const { secret, texts, memory, slackApi } = world;
  const { channel } = receiver;
  const headers = { authorization: `Bearer ${secret(receiver.slack_token)}` };
  const url = new URL(`${slackApi}/chat.postMessage`);
  return {
    async send(note, signal) {
      const conversation = conversationOf(note, channel);
      const thread = await memory.recall(conversation);
      const place =
        thread === null ? {} : { thread_ts: thread, reply_broadcast: loud.has(note.event) };
      const body = JSON.stringify({ channel, ...texts.slack(note), ...place });
      const { text } = await post(world, { url, headers, body }, signal);
      const { ok, ts, error } = readAnswer(text);
      if (!ok) throw refused(error ?? 'no reason');
      if (thread === null && ts !== undefined) await memory.keep(conversation, ts);
    },
  };
}

function conversationOf({ repository, environment, deployment }: Note, channel: string): string {
  return `slack thread ${channel} ${repository.name} ${environment} ${deployment}`;
}

function readAnswer(text: string): z.infer<typeof Answer> {
  try {
    return Answer.parse(JSON.parse(text));
  } catch (cause) {
    throw new SallyportError({
      code: 'notifier_refused',
      message: 'Slack gave an answer that cannot be read',
      next: 'retry',
      cause,
    });
  }
}

function refused(error: string): SallyportError {
  return new SallyportError({
    code: 'notifier_refused',
    message: `Slack refused the message: ${error}`,
    hint:
      error === 'not_in_channel' ? 'Invite the bot: type /invite @bot in the channel.' : undefined,
    next: passing.has(error) ? 'retry' : 'user',
  });
}
