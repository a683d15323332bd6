import type { Environment } from '../config/environment.ts';
import { asSallyportError } from '../model/errors.ts';
import type { Sha } from '../model/job.ts';
import type { GitRef } from '../ports/git.ts';
import { acceptCommit } from './watch-accept.ts';
import { decideWatch, type SeenRef, type WatchDecision } from './watch-decide.ts';
import type { Floor, WatchFloors } from './watch-floors.ts';
import { WatchHistory, type PolicyAt } from './watch-history.ts';
import { WatchNotes } from './watch-notes.ts';
import { watchedRefs, type WatchedRef } from './watch-refs.ts';
import { seeRef } from './watch-see.ts';
import type { WatchedEnvironment, WatchWorld } from './watch-world.ts';

/** What the refs of one poll mean for each environment; one that cannot be looked at never stops the others. */
export class WatchEnvironments {
  readonly #world: WatchWorld;
  readonly #notes: WatchNotes;
  readonly #accepted = new Map<string, Sha>();
  /** Refs and policy at which nothing was left to be done. */
  readonly #settledAt = new Map<string, string>();
  #floors: WatchFloors | null = null;
  #history: WatchHistory | null = null;
  /** The last one that could be read. */
  #policy: PolicyAt | null = null;

  constructor(world: WatchWorld) {
    this.#world = world;
    this.#notes = new WatchNotes(world.environments, world.log);
  }

  begin(floors: WatchFloors): void {
    this.#floors = floors;
    for (const name of this.#world.environments) {
      this.#notes.show(name, { floor: floors.get(name)?.floor ?? null });
    }
  }

  accept(environment: string, sha: Sha): void {
    this.#accepted.set(environment, sha);
    this.#settledAt.delete(environment);
  }

  view(): readonly WatchedEnvironment[] {
    return this.#notes.view();
  }

  /** Rejects only when aborted. */
  async look(refs: readonly GitRef[], head: Sha | null, signal: AbortSignal): Promise<void> {
    const problem = await this.#readPolicy(head, signal);
    const policy = this.#policy;
    const now = [policy?.sha, ...refs.map(({ name, sha }) => `${name} ${sha}`)].join('\n');
    for (const name of this.#world.environments) {
      if (this.#settledAt.get(name) === now) continue;
      const environment = policy?.config.environments[name];
      if (!policy || !environment) {
        this.#notes.waits(name, problem ?? 'the policy has no such environment', 'warn');
        continue;
      }
      try {
        const isSettled = await this.#lookAt(name, environment, policy, refs, signal);
        if (isSettled) this.#settledAt.set(name, now);
      } catch (error) {
        signal.throwIfAborted();
        const { code, message, hint } = asSallyportError(error);
        this.#notes.waits(name, message, 'warn', { code, hint });
      }
    }
  }

  /** Why the policy cannot be read now, `null` where it can; the last one that could be goes on to hold. */
  async #readPolicy(head: Sha | null, signal: AbortSignal): Promise<string | null> {
    const { branch, git } = this.#world;
    if (head === null) return `there is no branch ${branch} to read the policy from`;
    try {
      this.#history ??= new WatchHistory(await git());
      const read = await this.#history.configAt(head);
      if (read.ok) this.#policy = read;
      return read.ok ? null : read.problem;
    } catch (error) {
      signal.throwIfAborted();
      return asSallyportError(error).message;
    }
  }

  /** Whether nothing is left to be done until something changes. */
  async #lookAt(
    name: string,
    environment: Environment,
    policy: PolicyAt,
    refs: readonly GitRef[],
    signal: AbortSignal,
  ): Promise<boolean> {
    const followed = watchedRefs(environment, this.#world.branch, refs);
    const state = await this.#floorOf(name, followed, signal);
    const seen: SeenRef[] = [];
    for (const ref of followed) seen.push(await seeRef(name, ref, state, policy, this.#history!));
    const head = (seen.find(({ change }) => change !== null) ?? seen[0])?.sha ?? null;
    this.#notes.show(name, { head, floor: state.floor });
    const { sync } = environment;
    const decision = decideWatch({ environment: name, sync, ...state, seen });
    await this.#act(name, decision, state, signal);
    return decision.kind === 'nothing' || decision.kind === 'wait';
  }

  async #floorOf(
    name: string,
    followed: readonly WatchedRef[],
    signal: AbortSignal,
  ): Promise<Floor> {
    let state = this.#floors!.get(name);
    if (!state) {
      const floor = await this.#world.issuedLast(name, signal);
      state = { floor, issuing: null, generation: 0 };
      if (floor !== null) await this.#floors!.set(name, state);
    }
    const sha = this.#accepted.get(name);
    if (sha === undefined) return state;
    const next = await acceptCommit(sha, state, followed, this.#history!);
    if (next) await this.#floors!.set(name, next);
    this.#accepted.delete(name);
    return next ?? state;
  }

  async #act(
    name: string,
    decision: WatchDecision,
    state: Floor,
    signal: AbortSignal,
  ): Promise<void> {
    switch (decision.kind) {
      case 'nothing':
        return this.#notes.settle(name);
      case 'wait':
        return this.#notes.waits(name, decision.note, decision.why === 'manual' ? 'info' : 'warn');
      case 'issue':
        await this.#issue(name, decision, state, signal);
        return this.#handled(name, decision, state);
      case 'pass':
        return this.#handled(name, decision, state);
    }
  }

  /** On the disk before it is issued: killed between the two, it is neither lost nor taken for older. */
  async #issue(
    environment: string,
    { sha, ref }: Extract<WatchDecision, { kind: 'issue' }>,
    state: Floor,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#floors!.set(environment, { ...state, issuing: sha });
    const cause = `sync:${environment}:${sha}:${state.generation}`;
    const actor = { id: 0, login: 'git' };
    const job = { operation: 'deploy', environment, sha, ref, auto: true, actor, cause } as const;
    await this.#world.issue(job, signal);
  }

  async #handled(
    name: string,
    { sha: floor, note }: Extract<WatchDecision, { kind: 'issue' | 'pass' }>,
    { generation }: Floor,
  ): Promise<void> {
    await this.#floors!.set(name, { floor, issuing: null, generation });
    this.#notes.show(name, { floor });
    this.#notes.did(name, note);
  }
}
