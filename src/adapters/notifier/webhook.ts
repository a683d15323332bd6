import { createHash, createHmac } from 'node:crypto';
import type { Notify } from '../../config/notify.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { post } from './post.ts';
import { addressIn } from './secrets.ts';
import type { NotifierWorld } from './world.ts';

/** Any program that takes JSON; the signature is over the raw body. */
export function webhookNotifier(
  receiver: Extract<Notify, { webhook: string }>,
  world: NotifierWorld,
): Notifier {
  const { secret, texts } = world;
  const url = addressIn(receiver.webhook, secret(receiver.webhook), ['https:', 'http:']);
  const key = secret(receiver.secret);
  return {
    async send(note, signal) {
      const body = JSON.stringify(texts.json(note));
      const signature = createHmac('sha256', key).update(body, 'utf8').digest('hex');
      const headers = {
        'x-sallyport-event': note.event,
        // The same at every try, so that a receiver may pass over what it has.
        'x-sallyport-delivery': createHash('sha256').update(note.id).digest('hex').slice(0, 32),
        'x-sallyport-signature-256': `sha256=${signature}`,
      };
      await post(world, { url, headers, body }, signal);
    },
  };
}
