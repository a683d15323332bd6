import type { EnvironmentView } from '../deploy/fold-environment.ts';
import type { Reason } from '../model/reason.ts';
import type { HostState } from '../model/record.ts';
import type { Note } from '../model/note.ts';
import { aboutDeployment, noteId, type NotePlace } from './place.ts';

/** Hosts on which something else is than what was deployed, by drift or by people's hands. */
export function hostNotes(
  { hosts, deployments }: EnvironmentView,
  place: NotePlace,
): readonly Note[] {
  return [...hosts].flatMap(
    ([host, { deployment, state, reason: why, at, number }]): readonly Note[] => {
      const [reason, message] = (why === 'fell_back' ? fellBack : apart[state]) ?? [];
      const view = deployments.find((one) => one.deployment === deployment);
      if (reason === undefined || message === undefined || !view) return [];
      const note: Note = {
        ...aboutDeployment(view, place),
        id: noteId(place, view, `out-of-sync:${host}:${number}`),
        event: 'out-of-sync',
        state,
        reason,
        message,
        hosts: [host],
        targets: view.job.targets
          .filter(({ hosts: on }) => on.length === 0 || on.includes(host))
          .map(({ name }) => name),
        at,
      };
      return [note];
    },
  );
}

const fellBack = [
  'fell_back',
  'The live slot died, and traffic fell back to the release before it',
] as const;

const apart: Partial<Record<HostState, readonly [Reason, string]>> = {
  drifted: ['drifted', 'What is there is not what was deployed'],
  held: ['operator', 'People acted on the host itself; rollouts pass it over until it is released'],
};
