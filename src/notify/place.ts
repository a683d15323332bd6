import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { Job } from '../model/job.ts';
import type { Note } from '../model/note.ts';

/** Where notes come from. */
export interface NotePlace {
  readonly repository: Note['repository'];
  /** Where people read on about a job. */
  readonly linkOf: (job: Job) => string | null;
}

/** What every note says of its deployment. */
export function aboutDeployment(
  { deployment, job }: Pick<DeploymentView, 'deployment' | 'job'>,
  { repository, linkOf }: NotePlace,
): Omit<Note, 'id' | 'event' | 'state' | 'reason' | 'at'> {
  return {
    schema: 1,
    repository,
    environment: job.environment,
    deployment,
    operation: job.operation,
    commit: job.sha,
    ref: job.ref,
    actor: job.actor.login,
    step: null,
    message: '',
    targets: job.targets.map(({ name }) => name),
    hosts: job.roster.map(({ name }) => name),
    link: linkOf(job),
  };
}

/** The same for the same thing, whoever tells of it: an App, another App, the same one after a restart. */
export function noteId(
  { repository }: NotePlace,
  { deployment, job }: Pick<DeploymentView, 'deployment' | 'job'>,
  what: string,
): string {
  const where = job.repository === 0 ? repository.name : `${job.repository}`;
  return `${where}:${job.environment}:${deployment}:${what}`;
}
