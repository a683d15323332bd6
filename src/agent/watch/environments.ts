import type { Environment } from '../../config/environment.ts';
import { asSallyportError } from '../../model/errors.ts';
import type { Sha } from '../../model/job.ts';
import type { GitRef } from '../../ports/git.ts';
import { acceptCommit } from './accept.ts';
import { decideWatch, type SeenRef, type WatchDecision } from './decide.ts';
import type { Floor, WatchFloors } from './floors.ts';
import { WatchHistory, type PolicyAt } from './history.ts';
import { WatchNotes } from './notes.ts';
import { watchedRefs, type WatchedRef } from './refs.ts';
import { seeRef } from './see.ts';
import type { WatchedEnvironment, WatchWorld } from './world.ts';

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
    const looked: Looked[] = [];
    for (const name of this.#world.environments) {
      if (this.#settledAt.get(name) === now) continue;
      const environment = policy?.config.environments[name];
      if (policy && environment) {
        await this.#unlessBroken([name], signal, async () => {
          looked.push(await this.#lookAt(name, environment, policy, refs, signal));
        });
      } else this.#notes.waits(name, problem ?? 'the policy has no such environment', 'warn');
    }
    await this.#unlessBroken(
      looked.map(({ name }) => name),
      signal,
      async () => {
        // Killed after a job was issued, it must not be taken for one that never was.
        await this.#floors!.flush();
        for (const each of looked) {
          await this.#unlessBroken([each.name], signal, async () => {
            await this.#act(each, signal);
            const { kind } = each.decision;
            if (kind === 'nothing' || kind === 'wait') this.#settledAt.set(each.name, now);
          });
        }
        await this.#floors!.flush();
      },
    );
  }

  async #unlessBroken(
    names: readonly string[],
    signal: AbortSignal,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      signal.throwIfAborted();
      const { code, message, hint } = asSallyportError(error);
      for (const name of names) this.#notes.waits(name, message, 'warn', { code, hint });
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

  async #lookAt(
    name: string,
    environment: Environment,
    policy: PolicyAt,
    refs: readonly GitRef[],
    signal: AbortSignal,
  ): Promise<Looked> {
    const followed = watchedRefs(environment, this.#world.branch, refs);
    const state = await this.#floorOf(name, followed, signal);
    const seen: SeenRef[] = [];
    for (const ref of followed) seen.push(await seeRef(name, ref, state, policy, this.#history!));
    const head = (seen.find(({ change }) => change !== null) ?? seen[0])?.sha ?? null;
    this.#notes.show(name, { head, floor: state.floor });
    const { sync } = environment;
    const decision = decideWatch({ environment: name, sync, ...state, seen });
    if (decision.kind === 'issue') this.#floors!.set(name, { ...state, issuing: decision.sha });
    return { name, decision, state };
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
      if (floor !== null) this.#floors!.set(name, state);
    }
    const sha = this.#accepted.get(name);
    if (sha === undefined) return state;
    const next = await acceptCommit(sha, state, followed, this.#history!);
    if (next) this.#floors!.set(name, next);
    this.#accepted.delete(name);
    return next ?? state;
  }

  async #act({ name, decision, state }: Looked, signal: AbortSignal): Promise<void> {
    if (decision.kind === 'nothing') return this.#notes.settle(name);
    const { note } = decision;
    if (decision.kind === 'wait') {
      return this.#notes.waits(name, note, decision.why === 'manual' ? 'info' : 'warn');
    }
    const { sha } = decision;
    const { generation } = state;
    if (decision.kind === 'issue') await this.#issue(name, decision, generation, signal);
    this.#floors!.set(name, { floor: sha, issuing: null, generation });
    this.#notes.show(name, { floor: sha });
    this.#notes.did(name, note);
  }

  async #issue(
    environment: string,
    { sha, ref }: Extract<WatchDecision, { kind: 'issue' }>,
    generation: number,
    signal: AbortSignal,
  ): Promise<void> {
    // One that is asked for twice is one job; after a person began anew it is another.
    const cause = `sync:${environment}:${sha}:${generation}`;
    const actor = { id: 0, login: 'git' };
    const job = { operation: 'deploy', environment, sha, ref, auto: true, actor, cause } as const;
    await this.#world.issue(job, signal);
  }
}

interface Looked {
  readonly name: string;
  readonly decision: WatchDecision;
  /** As it was before the decision. */
  readonly state: Floor;
}
