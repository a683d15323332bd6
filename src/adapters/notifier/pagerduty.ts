import type { Notify } from '../../config/notify.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { post } from './post.ts';
import type { NotifierWorld } from './world.ts';

/** PagerDuty, Events API v2. */
export function pagerdutyNotifier(
  receiver: Extract<Notify, { pagerduty: string }>,
  world: NotifierWorld,
): Notifier {
  const { secret, texts, pagerdutyApi } = world;
  const key = secret(receiver.pagerduty);
  const url = new URL(`${pagerdutyApi}/v2/enqueue`);
  /** What happened last of all that was told, by incident. */
  const newest = new Map<string, number>();
  return {
    async send(note, signal) {
      const event = texts.pagerduty(note);
      if (event === null) return;
      // A failure that was hard to tell, and was mended meanwhile, must open no incident.
      if (note.at < (newest.get(event.dedup_key) ?? 0)) return;
      const body = JSON.stringify({ routing_key: key, ...event });
      await post(world, { url, body }, signal);
      newest.set(event.dedup_key, note.at);
    },
  };
}
