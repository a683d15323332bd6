import type { EnvironmentView } from '../../deploy/fold-environment.ts';
import { asSallyportError } from '../../model/errors.ts';
import { agrees, byVersion, lookOf } from '../../policy/release-tag.ts';
import type { Git, GitRef } from '../../ports/git.ts';
import type { ReleaseJson, ReleasesJson } from '../../report/releases.ts';
import type { ActsWorld } from './acts-world.ts';
import { viewOf } from './view-of.ts';

/** As many as a person reads. */
const most = 20;
const maxVersionBytes = 1024;
const tags = 'refs/tags/';

type ReleasesWorld = Pick<ActsWorld, 'environments' | 'reader' | 'beside' | 'git'>;

export type ReleasesOf = (signal: AbortSignal) => Promise<ReleasesJson>;

/** The tags that look like a release, from this host's Git cache. Of checks Git knows nothing. */
export function createReleasesOf(world: ReleasesWorld): ReleasesOf {
  return async (signal) => {
    const git = await world.git();
    const views = await Promise.all(
      world.environments.map((environment) => viewOf(environment, world, signal)),
    );
    const candidates = (await git.refs())
      .filter(({ name }) => name.startsWith(tags) && lookOf(shortName(name)) !== null)
      .toSorted((a, b) => byVersion(shortName(b.name), shortName(a.name)))
      .slice(0, most);
    const read = candidates.map((ref) => readRelease(ref, git, views));
    const releases = (await Promise.all(read)).filter((release) => release !== null);
    return { schema: 1, ok: true, releases };
  };
}

async function readRelease(
  ref: GitRef,
  git: Git,
  views: readonly EnvironmentView[],
): Promise<ReleaseJson | null> {
  const name = shortName(ref.name);
  const look = lookOf(name);
  if (look === null) return null;
  const file = look.kind === 'calendar' ? await readVersion(git, ref) : null;
  if (!agrees(look, file)) return null;
  const { author } = await git.describe(ref.sha);
  const live = views.filter(({ lastGood }) => lastGood?.job.sha === ref.sha);
  return {
    name,
    commit: ref.sha,
    author: author.name,
    checks: 'unknown',
    live: live.map((one) => one.name),
  };
}

/** A file that is longer is no version. */
async function readVersion(git: Pick<Git, 'readFile'>, { sha }: GitRef): Promise<string | null> {
  try {
    return await git.readFile(sha, 'VERSION', maxVersionBytes);
  } catch (error) {
    if (asSallyportError(error).code === 'file_too_large') return null;
    throw error;
  }
}

function shortName(ref: string): string {
  return ref.slice(tags.length);
}
