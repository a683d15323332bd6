import { idleSlot } from './slots.ts';
import type { Kept, KeepReport } from '../target.ts';
import { decideKeep, type Decision, type Memories } from './keep-decide.ts';
import { lookAround, rulesOf, type Looked } from './keep-look.ts';
import { newMemory, remember, restarted } from './keep-memory.ts';
import { performKeep } from './keep-perform.ts';
import type { World } from './world.ts';

/**
 * Keeps a service as it was deployed. What it remembers lives as long as it does: after a restart
 * of the agent every program may be starting still, and pauses begin anew.
 */
export function createKeeper(world: World): (signal: AbortSignal) => Promise<KeepReport> {
  let keeper: Keeper | null = null;
  return (signal) => (keeper ??= new Keeper(world)).look(signal);
}

class Keeper {
  readonly #world: World;
  #memories: Memories;
  /** That it is unhealthy was told, and the end of it was not. */
  #isIll = false;

  constructor(world: World) {
    this.#world = world;
    const memory = newMemory(world.ports.clock.now());
    this.#memories = { blue: memory, green: memory };
  }

  async look(signal: AbortSignal): Promise<KeepReport> {
    const looked = await lookAround(this.#world, signal);
    if (looked === null)
      return { found: [], health: 'unknown', why: null, fellBack: false, againInMs: null };
    const decision = this.#decide(looked);
    const found: Kept[] = [];
    for (const action of decision.actions) {
      signal.throwIfAborted();
      // Counted before it is tried: what cannot even be started is not tried at every look.
      if (action.kind === 'restart') this.#countRestart(action.slot);
      found.push(await performKeep(this.#world, action, looked, this.#memories));
    }
    return this.#report(decision, found, looked);
  }

  #decide({ seen, slot }: Looked): Decision {
    const rules = rulesOf(this.#world, slot);
    const now = this.#world.ports.clock.now();
    const before = this.#memories;
    const looks = { [seen.live]: seen.own, [idleSlot(seen.live)]: seen.other };
    const after = (name: 'blue' | 'green') => {
      const look = looks[name];
      return look ? remember(before[name], look, rules, now) : before[name];
    };
    this.#memories = { blue: after('blue'), green: after('green') };
    return decideKeep(seen, this.#memories, rules, now);
  }

  #countRestart(slot: 'blue' | 'green'): void {
    const memory = restarted(this.#memories[slot], this.#world.ports.clock.now());
    this.#memories = { ...this.#memories, [slot]: memory };
  }

  #report(decision: Decision, done: readonly Kept[], { seen, state }: Looked): KeepReport {
    const { againInMs } = decision;
    const isMended = done.some(({ mended }) => mended);
    const health = isMended ? 'healthy' : decision.health;
    const why = isMended ? null : decision.why;
    const found = [...done, ...this.#news(health, why, done, seen.live)];
    const fell = state.fell_back;
    const isApart = fell?.deployment === state.attempt?.deployment && fell?.from !== seen.live;
    const fellBack =
      (fell !== null && isApart) || done.some(({ reason }) => reason === 'fell_back');
    if (health !== 'healthy' || !fell || !isApart)
      return { found, health, why, fellBack, againInMs };
    const where = `traffic fell back from ${fell.from} to ${seen.live}: ${fell.why}`;
    return { found, health: 'degraded', why: where, fellBack, againInMs };
  }

  /** What nothing was done about is told once; so is the end of all that was told. */
  #news(
    health: KeepReport['health'],
    why: string | null,
    done: readonly Kept[],
    live: string,
  ): readonly Kept[] {
    const wasIll = this.#isIll;
    const isServed = health === 'healthy' || done.some(({ reason }) => reason === 'fell_back');
    if (isServed) this.#isIll = false;
    else if (health === 'unhealthy') this.#isIll = true;
    if (health === 'healthy' && wasIll && done.length === 0) {
      const message = `slot ${live} answers as it should`;
      return [{ reason: 'healed', message, details: [], mended: true }];
    }
    if (health !== 'unhealthy' || wasIll || done.length > 0 || why === null) return [];
    return [{ reason: 'unhealthy', message: why, details: [], mended: false }];
  }
}
