import { canonicalJson, digestOf, type Digest } from '../../model/digest.ts';
import { planOf, type Change, type TargetPlan } from '../../model/plan.ts';
import { assertLinksStay, readDesired, type Desired } from './desired.ts';
import { diff, differingPaths } from './diff.ts';
import { OidIndex } from './oid-index.ts';
import { findLive, isOwn, type Live } from './place.ts';
import { readActual, readDeclared } from './read-sides.ts';
import { scan } from './scan.ts';
import { splitActual, type Tree } from './tree.ts';
import type { World } from './world.ts';

/** What the commit declares, beside what is there. */
export interface Sides {
  readonly live: Live;
  readonly desired: Desired;
  /** What is there and is Git's business. */
  readonly managed: Tree;
  /** What is there, is not in Git, and stays. */
  readonly unmanaged: readonly string[];
}

/** As many as a person reads. */
const maxUnmanaged = 500;

/** Looks at both sides and touches nothing. */
export async function look(world: World, signal: AbortSignal): Promise<Sides> {
  const live = await findLive(world);
  // Git works in a process of its own meanwhile.
  const [desired, files] = await Promise.all([
    readDesired(world, signal),
    scanLive(world, live, signal),
  ]);
  return { live, desired, ...splitActual(desired, files, world.config.prune) };
}

/** What would change. Refuses what could not be applied. */
export async function planFiles(
  world: World,
  sides: Sides,
  signal: AbortSignal,
): Promise<TargetPlan> {
  const { desired, managed, unmanaged } = sides;
  const paths = differingPaths(desired, managed);
  const { changes, risks } =
    paths.length === 0 ? nothing : await findChanges(world, sides, paths, signal);
  return planOf({
    changes,
    risks,
    // Not looked at where nothing changes, and long to make.
    wanted: paths.length === 0 ? digestOf('') : wantedOf(world, desired),
    unmanaged: unmanaged.slice(0, maxUnmanaged),
  });
}

interface Found {
  readonly changes: readonly Change[];
  readonly risks: readonly string[];
}

const nothing: Found = { changes: [], risks: [] };

async function scanLive(world: World, live: Live, signal: AbortSignal): Promise<Tree> {
  if (live.kind === 'nothing') return new Map();
  const index = await OidIndex.open(world.index, world.ports.clock.now());
  const found = await scan(live.directory, world.kept, index, signal);
  await index.save();
  return found;
}

async function findChanges(
  world: World,
  { live, desired, managed }: Sides,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Found> {
  const wanted = pick(desired, paths);
  const found = pick(managed, paths);
  if ([...wanted.values()].some(({ kind }) => kind === 'link')) {
    await assertLinksStay(world, desired, signal);
  }
  const declared = await readDeclared(world, wanted, signal);
  const actual = await readActual(world, live, found, signal);
  return {
    changes: diff(declared, actual),
    risks: [...adopting(world, live), ...actual.risks, ...emptying(managed, desired)],
  };
}

/** Everything that the commit declares here, the files' order and the log's words not. */
function wantedOf(world: World, desired: Desired): Digest {
  // Mostly sorted already, which makes sorting by path cheap.
  const sorted = [...desired.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const files = digestOf(sorted.map(({ path, kind, oid }) => `${oid} ${kind} ${path}`).join('\0'));
  const { wave: _wave, roles: _roles, backups: _backups, ...config } = world.config;
  const { destination, params } = world;
  return digestOf(canonicalJson({ destination, config, files, params }));
}

function pick<File>(tree: ReadonlyMap<string, File>, paths: readonly string[]): Map<string, File> {
  const found = new Map<string, File>();
  for (const path of paths) {
    const file = tree.get(path);
    if (file !== undefined) found.set(path, file);
  }
  return found;
}

function adopting(world: World, live: Live): readonly string[] {
  const { destination, store } = world;
  if (live.kind === 'directory') {
    return [
      `${destination} is a directory that Sallyport did not make: it is adopted, that is moved to ${store} as the first backup, with a link in its place; for a moment nothing is there`,
    ];
  }
  if (live.kind === 'nothing' || isOwn(world, live.directory)) return [];
  return [
    `${destination} leads to ${live.directory}, which Sallyport did not make: it stays there`,
  ];
}

/** More than half of many files going away is seldom meant. */
function emptying(managed: Tree, desired: Desired): readonly string[] {
  const gone = [...managed.keys()].filter((path) => !desired.has(path)).length;
  return gone >= 10 && gone * 2 > managed.size ? [`${gone} of ${managed.size} files go`] : [];
}
