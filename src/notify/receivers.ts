import { z } from 'zod';
import { Notify } from '../config/notify.ts';
import { digestOf } from '../model/digest.ts';
import { Note } from '../model/note.ts';
import type { NewItem } from '../ports/store.ts';

/** What waits in an outbox: a note, and who is to be told. */
export const Letter = z.strictObject({ note: Note, receiver: Notify });
export type Letter = z.infer<typeof Letter>;

/** One item for each receiver that wants to know. */
export function lettersFor(note: Note, receivers: readonly Notify[]): readonly NewItem[] {
  return receivers
    .filter((receiver) => wants(receiver, note))
    .map((receiver) => {
      const address = addressOf(receiver);
      return {
        id: `${note.id} ${address}`,
        kind: kindOf(receiver),
        lane: `${address} ${note.repository.name} ${note.environment}`,
        body: JSON.stringify({ note, receiver } satisfies Letter),
      };
    });
}

export type ReceiverKind = 'slack' | 'slack-thread' | 'webhook' | 'mail' | 'pagerduty' | 'teams';

function kindOf(receiver: Notify): ReceiverKind {
  if ('slack' in receiver) return 'slack';
  if ('slack_token' in receiver) return 'slack-thread';
  if ('webhook' in receiver) return 'webhook';
  if ('mail' in receiver) return 'mail';
  return 'pagerduty' in receiver ? 'pagerduty' : 'teams';
}

function wants({ events, targets }: Notify, note: Note): boolean {
  const isMeant = targets === undefined || targets.some((name) => note.targets.includes(name));
  return isMeant && events.some((event) => event === note.event);
}

/** Who it is, whatever it wants to know: a filter that is edited tells nothing twice. */
function addressOf(receiver: Notify): string {
  const address = { ...receiver, events: undefined, targets: undefined };
  return digestOf(JSON.stringify(address)).slice('sha256:'.length, 'sha256:'.length + 16);
}
