import type { Environment } from '../config/environment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import { silentHosts } from '../deploy/silent-hosts.ts';
import type { Note } from '../model/note.ts';
import { aboutDeployment, noteId, type NotePlace } from './place.ts';

/** Says of each host that a deployment waits for in vain that it is silent. */
export function lostHosts(
  environment: EnvironmentView,
  policy: Environment,
  now: number,
  place: NotePlace,
  atWork: ReadonlySet<string>,
): readonly Note[] {
  const { running } = environment;
  if (!running) return [];
  const planFirst = running.job.operation === 'deploy' && policy.require.approvals > 0;
  return silentHosts(environment, planFirst, now, atWork).map(({ host, unit, since }) => ({
    ...aboutDeployment(running, place),
    id: noteId(place, running, `agent-lost:${host}`),
    event: 'agent-lost',
    state: running.state,
    reason: 'none',
    message: `Nothing from ${host} since ${new Date(since).toISOString()}`,
    hosts: [host],
    targets: [unit.target],
    at: now,
  }));
}
