import type { Comments } from '../config/comments.ts';
import { asSallyportError } from '../model/errors.ts';
import type { Sha } from '../model/job.ts';
import { templateProblem } from '../report/template.ts';
import { readPolicy } from './configuration.ts';
import type { CommentStyle } from './surfaces.ts';
import type { AppWorld } from './world.ts';

const plain: CommentStyle = { labels: false, deployment: null, refusal: null };
/** A change on the default branch is seen after this time at the latest, in ms. */
const keptMs = 60_000;

/** Read once a minute at most. Never rejects: what cannot be read is as if nothing were said. */
export async function styleOf(world: AppWorld): Promise<CommentStyle> {
  const { surfaces } = world.followUps;
  const now = world.clock.now();
  if (!surfaces.style || surfaces.styleUntil <= now) {
    surfaces.styleUntil = now + keptMs;
    surfaces.style = readStyle(world);
  }
  return surfaces.style;
}

async function readStyle(world: AppWorld): Promise<CommentStyle> {
  try {
    const { sha, config } = await readPolicy(world.github, world.repository.defaultBranch);
    const { labels, templates } = config.comments;
    const [deployment, refusal] = await Promise.all([
      readTemplate('deployment', templates, sha, world),
      readTemplate('refusal', templates, sha, world),
    ]);
    return { labels, deployment, refusal };
  } catch {
    // Whoever needs the policy itself says what is wrong with it.
    return plain;
  }
}

async function readTemplate(
  kind: 'deployment' | 'refusal',
  templates: Comments['templates'],
  sha: Sha,
  { github, log }: AppWorld,
): Promise<string | null> {
  const path = templates[kind];
  if (path === undefined) return null;
  const text = await github.file(path, sha).catch((error: unknown) => asSallyportError(error));
  const problem =
    text === null
      ? 'there is no such file'
      : typeof text === 'string'
        ? templateProblem(kind, text)
        : text.message;
  if (problem === null && typeof text === 'string') return text;
  log.warn('a template was not used', { template: path, problem });
  return null;
}
