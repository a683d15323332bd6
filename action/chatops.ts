import type { AppWorld } from '../src/app/world.ts';
import { exitCodes } from '../src/model/errors.ts';
import { booleanInput } from './inputs.ts';
import { readEvent } from './run.ts';
import type { Annotation, Outcome, Step } from './step.ts';

/** What of an event is looked at before its handler reads it properly. */
interface Glance {
  readonly comment?: { readonly id?: unknown; readonly body?: unknown } | null;
}

/** Hands the run's event to the App's own handler; what it has to say, it says as the App does. */
export async function run(step: Step): Promise<Outcome> {
  // The same event, in a run that may have secrets.
  const eventName = step.run.eventName.replace(/^pull_request_target$/u, 'pull_request');
  const event = ((await readEvent(step.run)) ?? {}) as Glance;
  if (eventName === 'issue_comment' && !mayHoldCommand(event)) return done([]);
  const { handlersOf } = await import('../src/app/act-on.ts');
  const handles = handlersOf({ event: eventName, payload: event });
  if (handles.length === 0) return done([nothingFor(eventName)]);
  const isWaiting = booleanInput(step.inputs, 'wait');
  const opened: { world?: Promise<AppWorld> } = {};
  for (const handle of handles) {
    await handle(event, () => (opened.world ??= open(step, event)));
  }
  if (opened.world && isWaiting) await showOn(event, await opened.world, step);
  return done([]);
}

/** No event may come to tell of the end: runs of other refs than the default branch get no key. */
async function showOn({ comment }: Glance, world: AppWorld, step: Step): Promise<void> {
  const { handlers } = await import('../src/app/handlers.ts');
  const showStatus = handlers['deployment_status.created'];
  if (typeof comment?.id !== 'number' || !showStatus) return;
  const { keepShowing } = await import('./keep-showing.ts');
  await keepShowing(comment.id, world, showStatus, step);
}

/** Commands begin a line with a slash. Most comments hold none, and cost next to nothing. */
function mayHoldCommand({ comment }: Glance): boolean {
  const body = comment?.body;
  return typeof body === 'string' && /^[^\p{L}\p{N}\r\n]*\//mu.test(body);
}

async function open(step: Step, event: unknown): Promise<AppWorld> {
  const { openWorld } = await import('./open.ts');
  return openWorld(step, event);
}

function nothingFor(name: string): Annotation {
  return {
    level: 'notice',
    title: 'nothing to do',
    message: `Nothing is done on the event ${name}; see docs/action.md for those that are.`,
  };
}

function done(annotations: readonly Annotation[]): Outcome {
  return { exit: exitCodes.done, outputs: {}, summary: null, annotations };
}
