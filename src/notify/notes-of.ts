import { approvalsOf } from '../deploy/approvals.ts';
import { hasBegun, type DeploymentView } from '../deploy/fold-deployment.ts';
import { changesTargets } from '../model/job.ts';
import type { Note, NotifiedEvent } from '../model/note.ts';
import { failedStep } from './failed-step.ts';
import { aboutDeployment, noteId, type NotePlace } from './place.ts';

/**
 * All that has come to be true of a deployment and that people may be told of, each under its own
 * id. Of what was told before nobody is told again: that is the outbox' matter.
 */
export function notesOf(
  view: DeploymentView,
  said: string | null,
  place: NotePlace,
): readonly Note[] {
  if (!view.bound || !changesTargets(view.job.operation)) return [];
  const base = { ...aboutDeployment(view, place), state: view.state, reason: view.reason };
  const note = (event: NotifiedEvent, at: number, which = ''): Note => ({
    ...base,
    id: noteId(place, view, `${event}${which}`),
    event,
    at,
  });
  const notes: Note[] = [];
  if (view.units.some(hasBegun)) notes.push({ ...note('started', lastOf(view)), reason: 'none' });
  const asked = view.state === 'awaiting-approval' ? approvalsOf(view).digest : null;
  // Whoever is asked about another plan is asked anew.
  if (asked !== null) notes.push(note('awaiting-approval', lastOf(view), `:${asked}`));
  const end = endEvents[view.state];
  if (!view.over || end === undefined) return notes;
  const ended = note(end, view.endedAt ?? lastOf(view));
  const step = end === 'completed' ? null : failedStep(view.reason, view.units);
  return [...notes, { ...ended, step, message: (said ?? stagedIn(view)).slice(0, 1000) }];
}

/** What to type where it waits for a person who moves the traffic; '' elsewhere. */
function stagedIn({ job, units }: DeploymentView): string {
  const staged = new Set(
    units.filter(({ reason }) => reason === 'staged').map((one) => one.target),
  );
  return [...staged].map((target) => `/switch ${job.environment} ${target}`).join(', ');
}

const endEvents: Partial<Record<DeploymentView['state'], NotifiedEvent>> = {
  completed: 'completed',
  failed: 'failed',
  'rolled-back': 'rolled-back',
};

function lastOf({ at, units }: DeploymentView): number {
  return Math.max(at, ...units.map((unit) => unit.at));
}
