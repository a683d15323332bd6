import type { EnvironmentView } from '../deploy/fold-environment.ts';
import { newestOf, stateOf } from '../policy/check-state.ts';
import { agrees, byVersion, lookOf } from '../policy/release-tag.ts';
import type { ReleaseJson } from '../report/releases.ts';
import type { CommitChecks, NamedRef } from './ports.ts';
import type { AppWorld } from './world.ts';

/**
 * The newest tags that look like a release, as GitHub has them at this moment; nothing is kept. Each
 * costs three calls or four, side by side.
 */
export async function newestReleases(
  most: number,
  environments: Iterable<EnvironmentView>,
  { github }: Pick<AppWorld, 'github'>,
): Promise<readonly ReleaseJson[]> {
  const candidates = (await github.tags())
    .filter(({ name }) => lookOf(name) !== null)
    .toSorted((a, b) => byVersion(b.name, a.name))
    .slice(0, most);
  const views = [...environments];
  const read = candidates.map((tag) => readRelease(tag, views, github));
  return (await Promise.all(read)).filter((release) => release !== null);
}

async function readRelease(
  { name, sha }: NamedRef,
  environments: readonly EnvironmentView[],
  github: AppWorld['github'],
): Promise<ReleaseJson | null> {
  const look = lookOf(name);
  if (look === null) return null;
  const [version, facts, checks] = await Promise.all([
    look.kind === 'calendar' ? github.file('VERSION', sha) : null,
    github.commitFacts(sha),
    github.checksOf(sha),
  ]);
  if (!agrees(look, version)) return null;
  const live = environments
    .filter(({ lastGood }) => lastGood?.job.sha === sha)
    .map((environment) => environment.name);
  const author = facts?.author?.login ?? facts?.authorName ?? '';
  return { name, commit: sha, author, checks: wordOf(checks), live };
}

function wordOf({ found, total }: CommitChecks): ReleaseJson['checks'] {
  const states = newestOf(found).map(stateOf);
  if (states.includes('failed')) return 'failed';
  if (states.includes('pending')) return 'pending';
  if (found.length < total) return 'unknown';
  return states.length === 0 ? 'none' : 'succeeded';
}
