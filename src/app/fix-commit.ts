import { SallyportError, exitCodes } from '../model/errors.ts';
import type { Sha } from '../model/job.ts';
import type { GateDecision } from '../policy/gate.ts';
import { judgeHeadFixed } from '../policy/head-fixed.ts';
import { begun } from './begun.ts';
import type { NamedRef, Pull, PullReader, Push, RefReader } from './ports.ts';

/** What was asked for, in the words of the command. */
export interface Wanted {
  readonly environment: string;
  /** A branch or a tag, where one was named. */
  readonly ref: string | null;
  /** A SHA, or the beginning of one, where one was named. */
  readonly sha: string | null;
  /** The pull request that the command stands in; `null` in an issue. */
  readonly pull: number | null;
  readonly defaultBranch: string;
  /** When the command was written, by GitHub's clock, in ms. */
  readonly at: number;
}

/** Where a commit was read from. */
export type Place =
  | { readonly kind: 'branch' | 'tag'; readonly name: string }
  | { readonly kind: 'pull'; readonly number: number };

/** How a commit came to be where it is. */
export interface Provenance {
  readonly gates: readonly GateDecision[];
  /** Who wrote it, as far as GitHub tells: the pull request's author and everybody who pushed. */
  readonly authors: readonly string[];
}

/** A commit, fixed when the command arrived. */
export interface FixedCommit {
  readonly sha: Sha;
  /** For display: the branch or tag, or the short SHA. */
  readonly ref: string;
  /** What names exactly this commit; `null` where only its SHA was given. */
  readonly place: Place | null;
  readonly pull: Pull | null;
  /** Still under way, so that others can work on the SHA. */
  readonly provenance: Promise<Provenance>;
}

type Reader = PullReader & RefReader;

/** The full SHA that a command means (DESIGN.md §6.3). Rejects where nothing has that name. */
export async function fixCommit(wanted: Wanted, github: Reader): Promise<FixedCommit> {
  if (wanted.sha !== null) return fixSha(wanted.sha, wanted, github);
  if (wanted.ref !== null) return fixRef(await readRef(wanted.ref, github), wanted, github);
  if (wanted.pull !== null) return fixPull(await github.pull(wanted.pull), wanted, github);
  const branch = await github.ref('branch', wanted.defaultBranch);
  return fixRef(branch ?? missing(wanted.defaultBranch), wanted, github);
}

function fixPull(pull: Pull, wanted: Wanted, github: Reader): FixedCommit {
  const { sha, branch, repository } = pull.head;
  // What happens in a fork is not in this repository's log; `judge-pull.ts` says what comes of it.
  const provenance =
    repository === pull.base.repository
      ? judgeBranch(branch, sha, wanted, github)
      : Promise.resolve({ gates: [], authors: [] });
  return {
    sha,
    ref: branch,
    place: { kind: 'pull', number: pull.number },
    pull,
    provenance: begun(
      provenance.then(({ gates, authors }) => ({
        gates,
        authors: unique([pull.author, ...authors]),
      })),
    ),
  };
}

function fixRef({ kind, name, sha }: NamedRef, wanted: Wanted, github: Reader): FixedCommit {
  // GitHub keeps no log of pushes for tags; protect them with a rule where it matters.
  const provenance =
    kind === 'tag'
      ? Promise.resolve({ gates: [], authors: [] })
      : begun(judgeBranch(name, sha, wanted, github));
  return { sha, ref: name, place: { kind, name }, pull: null, provenance };
}

/** A SHA was chosen by whoever typed it: nothing can have moved since. */
async function fixSha(prefix: string, wanted: Wanted, github: Reader): Promise<FixedCommit> {
  const [sha, pull] = await Promise.all([
    github.commit(prefix),
    wanted.pull === null ? null : github.pull(wanted.pull),
  ]);
  if (sha === null) {
    throw new SallyportError({
      code: 'commit_not_found',
      message: `There is no commit ${prefix}, or more than one begins so`,
      hint: `Give all 40 digits: /deploy ${wanted.environment} @SHA`,
      exit: exitCodes.notFound,
    });
  }
  const authors = pull ? authorsOf(pull, github) : Promise.resolve([]);
  const provenance = begun(authors.then((all) => ({ gates: [], authors: all })));
  return { sha, ref: sha.slice(0, 7), place: null, pull, provenance };
}

/** Whoever names a commit of a pull request makes nobody less of its author. */
async function authorsOf(
  { author, head, base }: Pull,
  github: RefReader,
): Promise<readonly string[]> {
  const pushes = head.repository === base.repository ? await github.pushes(head.branch) : [];
  return unique([author, ...pushersOf(pushes)]);
}

function pushersOf(pushes: readonly Push[]): readonly string[] {
  return pushes.map(({ login }) => login).filter((login) => login !== null);
}

/** Whether the branch's head is the one that the writer of the command could see, and who pushed. */
export async function judgeBranch(
  branch: string,
  sha: Sha,
  wanted: Pick<Wanted, 'environment' | 'at'>,
  github: RefReader,
): Promise<Provenance> {
  const pushes = await github.pushes(branch);
  const head = judgeHeadFixed({
    environment: wanted.environment,
    head: sha,
    push: pushes[0] ?? null,
    commentedAt: wanted.at,
  });
  return { gates: [head], authors: unique(pushersOf(pushes)) };
}

async function readRef(name: string, github: RefReader): Promise<NamedRef> {
  const [branch, tag] = await Promise.all([github.ref('branch', name), github.ref('tag', name)]);
  if (branch && tag && branch.sha !== tag.sha) {
    throw new SallyportError({
      code: 'ref_ambiguous',
      message: `${name} is both a branch (${branch.sha.slice(0, 7)}) and a tag (${tag.sha.slice(0, 7)})`,
      hint: 'Name the commit itself: @SHA',
    });
  }
  return tag ?? branch ?? missing(name);
}

function missing(name: string): never {
  throw new SallyportError({
    code: 'ref_not_found',
    message: `There is no branch or tag ${name}`,
    hint: 'Push it first, or name a commit: @SHA',
    exit: exitCodes.notFound,
  });
}

/** At most as many as a job may name. */
function unique(logins: readonly string[]): readonly string[] {
  return [...new Set(logins)].slice(0, 99);
}
