import type { Probot } from 'probot';
import type { Log } from '../ports/log.ts';
import { readSource } from './events/source.ts';
import { handlers } from './handlers.ts';
import type { Worlds } from './worlds.ts';

type EventName = Parameters<Probot['on']>[0];

/** Gives a Probot all handlers. A world is opened only by a handler that has something to do. */
export function handlersOn(probot: Probot, worlds: Worlds, log: Log): void {
  for (const [name, handle] of Object.entries(handlers)) {
    probot.on(name as EventName, async ({ payload }: { payload: unknown }) => {
      await handle(payload, () => worlds.open(readSource(payload)));
    });
  }
  probot.onError(({ message }) => log.error('handler failed', { error: message }));
}
