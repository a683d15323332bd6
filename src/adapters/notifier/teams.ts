import type { Notify } from '../../config/notify.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { post } from './post.ts';
import { addressIn } from './secrets.ts';
import type { NotifierWorld } from './world.ts';

/** A channel of Microsoft Teams, through the webhook of a workflow. */
export function teamsNotifier(
  receiver: Extract<Notify, { teams: string }>,
  world: NotifierWorld,
): Notifier {
  const { secret, texts } = world;
  const url = addressIn(receiver.teams, secret(receiver.teams), ['https:', 'http:']);
  return {
    async send(note, signal) {
      await post(world, { url, body: JSON.stringify(texts.teams(note)) }, signal);
    },
  };
}
