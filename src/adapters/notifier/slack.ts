import type { Notify } from '../../config/notify.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { post } from './post.ts';
import { addressIn } from './secrets.ts';
import type { NotifierWorld } from './world.ts';

/** A channel of Slack, through an incoming webhook. */
export function slackNotifier(
  receiver: Extract<Notify, { slack: string }>,
  world: NotifierWorld,
): Notifier {
  const { secret, texts } = world;
  const url = addressIn(receiver.slack, secret(receiver.slack), ['https:', 'http:']);
  return {
    async send(note, signal) {
      await post(world, { url, body: JSON.stringify(texts.slack(note)) }, signal);
    },
  };
}
