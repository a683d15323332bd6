import { z } from 'zod';
import { parseComment } from '../command/parse-comment.ts';
import { SallyportError } from '../model/errors.ts';
import { readSource } from './events/source.ts';
import { handlers, type Handler } from './handlers.ts';
import type { Worlds } from './worlds.ts';

/** A webhook as GitHub sent it. */
export interface Delivery {
  /** `issue_comment`, `push` … */
  readonly event: string;
  readonly payload: unknown;
}

/** Whether anything is done about such an event; what is not need not be written down. */
export function isHandled(delivery: Delivery): boolean {
  return handlersOf(delivery).length > 0 && !isIdleTalk(delivery);
}

/** Most comments hold no command, and a busy repository has many: none of them is worth a disk's sync. */
function isIdleTalk({ event, payload }: Delivery): boolean {
  const comment = event === 'issue_comment' ? CommentText.safeParse(payload).data?.comment : null;
  if (!comment) return false;
  const { commands, errors } = parseComment(comment.body ?? '');
  return commands.length === 0 && errors.length === 0;
}

const CommentText = z.object({ comment: z.object({ body: z.string().nullable() }) });

/** Runs the handlers of an event. A world is opened only by one that has something to do. */
export async function actOn(delivery: Delivery, worlds: Worlds): Promise<void> {
  const { payload } = delivery;
  try {
    for (const handle of handlersOf(delivery)) {
      await handle(payload, async () => worlds.open(readSource(payload)));
    }
  } catch (error) {
    throw error instanceof z.ZodError ? notAsPromised(delivery, error) : error;
  }
}

/** It stands in the list of deliveries, so it is a line. */
function notAsPromised({ event }: Delivery, cause: z.ZodError): SallyportError {
  const wrong = cause.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return new SallyportError({
    code: 'payload_unexpected',
    message: `On ${event} GitHub said something else than it promises (${wrong.join('; ')})`,
    next: 'bug',
    cause,
  });
}

/** Those of an event and its action, which may be none. */
export function handlersOf({ event, payload }: Delivery): readonly Handler[] {
  const action =
    typeof payload === 'object' && payload !== null && 'action' in payload ? payload.action : null;
  const names = typeof action === 'string' ? [event, `${event}.${action}`] : [event];
  return names.flatMap((name) => (Object.hasOwn(handlers, name) ? handlers[name]! : []));
}
