import type { Sha } from '../model/job.ts';
import { matchesAnyRef } from '../policy/ref-pattern.ts';
import type { AdmittedRefs } from '../policy/refs.ts';
import type { FixedCommit, Place } from './fix-commit.ts';
import type { NamedRef, RefReader } from './ports.ts';

/** How many refs are compared with the commit before it counts as not found. */
const maxComparisons = 20;

type Found = Pick<FixedCommit, 'sha' | 'place' | 'pull'>;

/**
 * The admitted ref that the commit is on; `null` where there is none. A commit that
 * was read from an admitted ref costs nothing; else refs are compared, the likeliest first.
 * The agent proves it again from what it fetched.
 */
export async function findPlace(
  commit: Found,
  admitted: AdmittedRefs,
  github: RefReader,
): Promise<Place | null> {
  const { place, sha } = commit;
  if (place && isAdmitted(place, commit, admitted)) return place;
  const broughtInto = await branchBroughtInto(commit, admitted, github);
  if (broughtInto) return broughtInto;
  const tips = [...pullTip(commit, admitted), ...(await admittedTips(admitted, github))];
  const exact = tips.find((tip) => tip.sha === sha);
  if (exact) return exact.place;
  for (const tip of tips.slice(0, maxComparisons)) {
    if (await isReachable(sha, tip.sha, github)) return tip.place;
  }
  return null;
}

/** In words: `branch main`, `pull request 12`. */
export function placeInWords(place: Place): string {
  return place.kind === 'pull' ? `pull request ${place.number}` : `${place.kind} ${place.name}`;
}

interface Tip {
  readonly sha: Sha;
  readonly place: Place;
}

/**
 * The head of a fork's pull request counts where pull requests do, once it is the head of a branch
 * of this repository, which hosts fetch. Whether forks may come at all is another gate.
 */
async function branchBroughtInto(
  { place, pull, sha }: Found,
  admitted: AdmittedRefs,
  github: RefReader,
): Promise<Place | null> {
  const isFork = pull?.isOpen === true && pull.head.repository !== pull.base.repository;
  if (place?.kind !== 'pull' || !admitted.pull || !isFork) return null;
  const [name] = await github.branchesAt(sha);
  return name === undefined ? null : { kind: 'branch', name };
}

function isAdmitted(place: Place, { pull }: Found, admitted: AdmittedRefs): boolean {
  if (place.kind === 'pull') return admitted.pull && pull !== null && isOwn(pull);
  return matchesAnyRef(place.kind === 'branch' ? admitted.branches : admitted.tags, place.name);
}

function pullTip({ pull }: Found, admitted: AdmittedRefs): readonly Tip[] {
  if (!pull || !admitted.pull || !isOwn(pull)) return [];
  return [{ sha: pull.head.sha, place: { kind: 'pull', number: pull.number } }];
}

function isOwn({ isOpen, head, base }: NonNullable<FixedCommit['pull']>): boolean {
  return isOpen && head.repository === base.repository;
}

async function admittedTips(admitted: AdmittedRefs, github: RefReader): Promise<readonly Tip[]> {
  const asked = [
    ...admitted.branches.map((pattern) => refsFitting('branch', pattern, github)),
    ...admitted.tags.map((pattern) => refsFitting('tag', pattern, github)),
  ];
  const found = (await Promise.all(asked)).flat();
  return found.map(({ kind, name, sha }) => ({ sha, place: { kind, name } }));
}

async function refsFitting(
  kind: NamedRef['kind'],
  pattern: string,
  github: RefReader,
): Promise<readonly NamedRef[]> {
  const star = pattern.indexOf('*');
  if (star < 0) {
    const ref = await github.ref(kind, pattern);
    return ref ? [ref] : [];
  }
  const refs = await github.refsBeginning(kind, pattern.slice(0, star));
  // Names rise, and newer versions come last: they are the likelier ones.
  return refs.filter(({ name }) => matchesAnyRef([pattern], name)).toReversed();
}

async function isReachable(sha: Sha, tip: Sha, github: RefReader): Promise<boolean> {
  const relation = await github.relation(sha, tip);
  return relation === 'ahead' || relation === 'identical';
}
