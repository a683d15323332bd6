import type { EnvironmentView } from '../deploy/fold-environment.ts';
import { asSallyportError } from '../model/errors.ts';
import { changesTargets } from '../model/job.ts';
import { styleOf } from './comment-style.ts';
import type { AppWorld } from './world.ts';

/** Which pull request carries the label of an environment, and which one no longer does. */
export interface Labelling {
  readonly label: string;
  readonly add: number | null;
  readonly remove: readonly number[];
}

/** GitHub takes so many characters of a label. */
const maxLabel = 50;

/** What runs in the environment is labelled; what ran there before no longer is. */
export function labellingOf({ name, deployments, lastGood }: EnvironmentView): Labelling | null {
  if (!lastGood) return null;
  const asked = deployments.filter(({ job }) => changesTargets(job.operation));
  // A rollback is asked for elsewhere than where the commit came from.
  const origin = asked.findLast(
    ({ job }) => job.operation === 'deploy' && job.sha === lastGood.job.sha && job.reply !== null,
  );
  const add = origin?.job.reply?.issue ?? null;
  const before = asked
    .filter((view) => view.state === 'completed' && view.deployment < lastGood.deployment)
    .slice(-maxBefore)
    .flatMap(({ job }) => job.reply?.issue ?? []);
  const remove = [...new Set(before)].filter((issue) => issue !== add);
  return { label: `deployed: ${name}`.slice(0, maxLabel), add, remove };
}

/** How far back labels are taken off; each one was when the next deployment completed. */
const maxBefore = 2;

/** Sets the labels of an environment, where the default branch wants any. Never rejects. */
export async function labelPulls(environment: EnvironmentView, world: AppWorld): Promise<void> {
  const { github, followUps, log } = world;
  const { labels } = followUps.surfaces;
  const labelling = labellingOf(environment);
  const text = JSON.stringify(labelling);
  if (!labelling || labels.get(environment.name) === text) return;
  if (!(await styleOf(world)).labels) return;
  const { label, add, remove } = labelling;
  labels.set(environment.name, text);
  try {
    if (add !== null && (await isPull(add, world))) await github.addLabel(add, label);
    for (const issue of remove) await github.removeLabel(issue, label);
  } catch (error) {
    labels.delete(environment.name);
    const { code, message } = asSallyportError(error);
    log.warn('labels could not be set', { environment: environment.name, code, message });
  }
}

/** A command may be typed in an issue too, which no commit belongs to. */
async function isPull(issue: number, { github }: AppWorld): Promise<boolean> {
  try {
    await github.pull(issue);
    return true;
  } catch (error) {
    if (asSallyportError(error).code === 'github_not_found') return false;
    throw error;
  }
}
