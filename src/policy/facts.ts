import type { Environment } from '../config/environment.ts';
import type { Digest } from '../model/digest.ts';
import type { Operation, Sha } from '../model/job.ts';
import type { TargetPlan } from '../model/plan.ts';

/** Somebody's word that stands until somebody takes it back, or until it ends by itself. */
export interface Standing {
  readonly by: string;
  /** GitHub's user id, or the uid of a person on the host. */
  readonly person: number;
  readonly reason: string;
  /** Ms since 1970. */
  readonly since: number;
  /** `null`: until somebody takes it back. */
  readonly until: number | null;
  /** The pull request with which it ends; absent where it ends with none. */
  readonly pull?: number;
}

/** What holds in an environment, folded from its ledger. */
export interface EnvironmentFacts {
  readonly name: string;
  readonly lock: Standing | null;
  readonly pause: Standing | null;
  /** The pull request that it runs and keeps: what comes by itself waits. */
  readonly heldByPull: {
    readonly pull: number;
    /** For people: the branch. */
    readonly ref: string;
    readonly by: string;
    readonly since: number;
  } | null;
  /** Hosts on which people acted themselves, and that nobody has released yet. */
  readonly held: readonly HeldHost[];
  readonly quarantined: readonly {
    readonly sha: Sha;
    readonly deployment: number;
    readonly why: string;
  }[];
}

/** A host on which people acted themselves. */
export interface HeldHost {
  readonly host: string;
  readonly since: number;
  /** Who, where the host itself tells. */
  readonly by?: string;
}

/** Whoever approved a plan. */
export interface Approval {
  /** GitHub's user id, or the uid of a person on the host. */
  readonly person: number;
  readonly at: number;
}

/** What asks to come through: a job, or what somebody would like to know about one. */
export interface Request {
  readonly operation: Operation;
  readonly sha: Sha;
  /** It came by itself: a push, a schedule, healing. */
  readonly auto: boolean;
  /** Went back to a commit that completed here before. */
  readonly isRollback: boolean;
  /** Moves the traffic to what was staged here: the same commit and plan came through when it was. */
  readonly isStaged?: boolean;
  /** Mends drift: restores what was accepted here already, where the policy has `heal`. */
  readonly isHealing?: boolean;
  readonly flags: Readonly<Record<string, string | boolean>>;
  readonly authors: readonly string[];
  readonly actor: string;
  /** Of the actor: GitHub's user id, or a uid; absent where nobody asks yet. */
  readonly person?: number;
}

/** All that the gates of an agent are judged from. Pure data. */
export interface GateFacts {
  /** Now, or the time that somebody asks about; ms since 1970, by the ledger's clock. */
  readonly at: number;
  /** The policy of the default branch as it stands now. */
  readonly policy: Environment;
  readonly environment: EnvironmentFacts;
  readonly request: Request;
  /** Of all units whose plan is known; `null` before there is one. */
  readonly plan: {
    /** What people approve. */
    readonly digest: Digest;
    /** Its breaking changes in words: `Layer/roads (it is removed)`. */
    readonly breaking: readonly string[];
    readonly risk: TargetPlan['risk'];
  } | null;
  /** Of this commit and exactly this plan. */
  readonly approvals: readonly Approval[];
  /** Approvals of another plan, which count no more. */
  readonly voidApprovals: number;
  /** Whether the commit has completed in the environment that `require.from` names; `null` where nobody knows. */
  readonly completedBefore: boolean | null;
  /** Answers of `require.external`, by name; a missing one closes. */
  readonly external: Readonly<Record<string, { readonly open: boolean; readonly message: string }>>;
  /** The host's own word: its name, where it is known. */
  readonly host: string | null;
}
