import { setTimeout } from 'node:timers/promises';
import { exitCodes, SallyportError } from '../../../model/errors.ts';
import type { Upstream } from '../../../model/upstream.ts';
import type { Canary, ProxyProblem, ProxyStatus, SlotCounters } from '../../../ports/proxy.ts';
import type { EnsureRequest } from './control-messages.ts';
import { handedOver } from './control-client.ts';
import type { Inheritance } from './elder.ts';
import type { Follow, Predecessor } from './follow.ts';
import { Observation } from './observation.ts';
import { answersHttp } from './probe-upstream.ts';
import { Route } from './route.ts';
import type { Slot, SlotTimes } from './slot.ts';
import {
  isSameState,
  quiet,
  saveState,
  type LoadedState,
  type ProcessSettings,
  type RouteState,
} from './state.ts';

/** Requests of a route that is removed may take so long to finish, in ms. */
const removalMs = 30_000;

export interface TableWorld {
  /** Where the state is kept. */
  readonly folder: string;
  readonly times: SlotTimes;
  /** A line for whoever runs the proxy. */
  readonly say: (message: string) => void;
  /** Serves what came in before this process had the ports. */
  readonly elder?: Predecessor | null;
}

/** All routes: the one place that changes what is on the disk and what is in force, in this order. */
export class RouteTable {
  readonly #world: TableWorld;
  readonly #routes = new Map<string, Route>();
  #states: readonly RouteState[] = [];
  #settings: ProcessSettings = quiet;
  readonly #observation: Observation;
  #lastChange: Promise<unknown> = Promise.resolve();
  #isHandedOver = false;

  constructor(world: TableWorld) {
    this.#world = world;
    this.#observation = new Observation(world.folder, () => [...this.#routes.values()]);
  }

  /**
   * Takes up the routes as they were, and resolves when each of them listens, if it can. Each
   * port answers 503 until its upstream was seen to answer; a port that is taken is tried
   * again until `signal`. What is inherited is open, and was seen; rejects where it cannot be used.
   */
  async restore(
    { routes, fault, settings }: LoadedState,
    signal: AbortSignal,
    inherited: Inheritance | null = null,
  ): Promise<void> {
    this.#states = routes;
    // The port for figures is free when the process before this one has left it.
    await this.#observe(inherited ? { ...settings, metrics: null } : settings);
    this.#settings = settings;
    const listening = routes.map(async (state) => {
      const { name, port, host, tls } = state;
      const route = this.#routeOf(name);
      route.apply(state, 'file');
      if (fault !== null) route.blame(fault);
      for (const slot of inherited?.proven[name] ?? []) route.vouch(slot);
      for (const slot of route.unproven) void proveWhenUp(route, slot, signal);
      const handle = inherited?.doors.get(name);
      if (handle) return void (await route.door.open(port, host, tls, handle));
      const listen = () => this.#inTurn(() => this.#listenAgain(route));
      await listen().catch(() => void repeat(listen, signal));
    });
    await Promise.all(listening);
  }

  /** What a process that serves instead of this one needs beside the state on the disk. */
  get inheritance(): Inheritance {
    const doors = [...this.#routes].flatMap(([name, { door }]) =>
      door.handle ? [[name, door.handle] as const] : [],
    );
    const proven = [...this.#routes].map(([name, route]) => [name, route.proven] as const);
    return { doors: new Map(doors), proven: Object.fromEntries(proven) };
  }

  /** A route that holds requests; they are in this process, and new ones would pass them. */
  get paused(): string | null {
    return [...this.#routes.values()].find(({ isPaused }) => isPaused)?.name ?? null;
  }

  get isHandedOver(): boolean {
    return this.#isHandedOver;
  }

  /** Changes wait from now on, until its answer is called: with `true`, another process makes them. */
  async hold(): Promise<(isTheirs: boolean) => void> {
    const [begun, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    void this.#inTurn(() => {
      begun.resolve();
      return over.promise;
    });
    await begun.promise;
    return (isTheirs) => {
      this.#isHandedOver = isTheirs;
      over.resolve();
    };
  }

  /** Leaves all that is new to another process. Resolves when no connection is left. */
  async leave(): Promise<void> {
    await this.#observation.use({ ...this.#settings, metrics: null });
    await Promise.all([...this.#routes.values()].map(({ door }) => door.leave()));
  }

  /** Does for the connections that are left what the process that serves now does for the others. */
  async follow(asked: Follow): Promise<unknown> {
    const further = this.#tellElder(asked);
    const value = await this.#followHere(asked);
    const more = await further;
    if (asked.op === 'drain') return Number(value) + Number(more ?? 0);
    return asked.op === 'active' ? sumOf(value, more) : null;
  }

  async #followHere(asked: Follow): Promise<unknown> {
    if (asked.op === 'end') return null;
    const route = this.#routes.get(asked.op === 'apply' ? asked.state.name : asked.name);
    const never = new AbortController().signal;
    if (asked.op === 'drain') return await route?.drain(asked.slot, asked.timeoutMs, never);
    if (asked.op === 'active') return route?.active;
    if (asked.op === 'apply') route?.apply(asked.state, 'asked');
    else if (asked.op === 'pause') route?.pause(asked.holdMs);
    else if (asked.op === 'resume') route?.resume();
    else void route?.close(removalMs);
    return null;
  }

  /** Does what the settings say, now that nobody else does. */
  async observe(): Promise<void> {
    await this.#inTurn(() => this.#observe(this.#settings));
  }

  ensure(asked: EnsureRequest): Promise<ProxyStatus> {
    const { name, listen, host, tls, serverNames, preview } = asked;
    return this.#inTurn(async () => {
      const before = this.#states.find((state) => state.name === name);
      const route = this.#routeOf(name);
      const wanted = before?.listen === listen && listen === 0 ? before.port : listen;
      const port = await route.door.open(wanted, host, tls);
      const kept = before ?? { target: null };
      const state: RouteState = { ...kept, name, listen, host, port, tls, serverNames, preview };
      const settings = asked.settings ?? this.#settings;
      const isNew = JSON.stringify(settings) !== JSON.stringify(this.#settings);
      await this.#observe(settings);
      if (isNew || !isSameState(state, before)) await this.#put(state);
      return route.status(state);
    });
  }

  switch(name: string, slot: string, upstream: Upstream): Promise<null> {
    return this.#change(
      name,
      (state) => {
        const { canary: _ended, ...kept } = state;
        const others = { ...state.others, [slot]: upstream };
        return {
          ...kept,
          target: { slot, ...upstream },
          ...(state.preview ? { others } : {}),
        };
      },
      slot,
    );
  }

  clear(name: string): Promise<null> {
    return this.#change(name, ({ canary: _ended, ...state }) => ({ ...state, target: null }));
  }

  weights(name: string, canary: Canary | null): Promise<null> {
    return this.#change(
      name,
      ({ canary: _before, ...state }) => {
        if (!canary) return state;
        if (!state.target || state.target.slot === canary.slot)
          throw noOtherSlot(name, canary.slot);
        return { ...state, canary };
      },
      canary?.slot,
    );
  }

  offer(name: string, slot: string, upstream: Upstream | null): Promise<null> {
    return this.#change(name, (state) => {
      const { [slot]: _before, ...others } = state.others ?? {};
      return { ...state, others: upstream ? { ...others, [slot]: upstream } : others };
    });
  }

  maintenance(name: string, text: string | null): Promise<null> {
    return this.#change(name, ({ maintenance: _before, ...state }) =>
      text === null ? state : { ...state, maintenance: text },
    );
  }

  async pause(name: string, holdMs: number): Promise<null> {
    this.#find(name).route.pause(holdMs);
    await this.#tellElder({ op: 'pause', name, holdMs });
    return null;
  }

  async resume(name: string): Promise<null> {
    this.#find(name).route.resume();
    await this.#tellElder({ op: 'resume', name });
    return null;
  }

  async drain(name: string, slot: string, ms: number, signal: AbortSignal): Promise<number> {
    const { route } = this.#find(name);
    const before = this.#tellElder({ op: 'drain', name, slot, timeoutMs: ms });
    const closed = await route.drain(slot, ms, signal);
    return signal.aborted ? closed : closed + Number((await before) ?? 0);
  }

  async status(name: string): Promise<ProxyStatus | null> {
    const state = this.#states.find((one) => one.name === name);
    if (!state) return null;
    const status = this.#routeOf(name).status(state);
    const before = await this.#tellElder({ op: 'active', name });
    return { ...status, active: sumOf(status.active, before) };
  }

  counters(name: string): Readonly<Record<string, SlotCounters>> {
    const named = [...this.#find(name).route.counts].filter(([slot]) => slot !== '');
    return Object.fromEntries(named.map(([slot, counts]) => [slot, counts.sums]));
  }

  check(): readonly ProxyProblem[] {
    const closed = this.#states.flatMap(({ name, port }) => {
      const problem = this.#routeOf(name).door.problem(Date.now());
      if (problem === null) return [];
      return [{ ...problem, message: `${name}, port ${port}: ${problem.message}` }];
    });
    return [...closed, ...this.#observation.problems];
  }

  remove(name: string): Promise<null> {
    return this.#inTurn(async () => {
      const others = this.#states.filter((state) => state.name !== name);
      if (others.length < this.#states.length) await this.#save(others);
      void this.#routes.get(name)?.close(removalMs);
      this.#routes.delete(name);
      await this.#tellElder({ op: 'forget', name });
      return null;
    });
  }

  async close(graceMs: number): Promise<void> {
    await Promise.all([...this.#routes.values()].map((route) => route.close(graceMs)));
    await this.#observation.close();
  }

  /** On the disk first, then in force. The slot that somebody names is vouched for by that. */
  #change(
    name: string,
    change: (state: RouteState) => RouteState,
    vouched?: string,
  ): Promise<null> {
    return this.#inTurn(async () => {
      const { route, state } = this.#find(name);
      const next = change(state);
      if (!isSameState(next, state)) await this.#put(next);
      if (vouched !== undefined) route.vouch(vouched);
      return null;
    });
  }

  async #observe(settings: ProcessSettings): Promise<void> {
    this.#settings = settings;
    await this.#observation.use(settings);
    for (const route of this.#routes.values()) this.#tellOf(route);
  }

  #tellOf(route: Route): void {
    route.tell = this.#observation.isLogging
      ? (outcome) => this.#observation.note(route.name, outcome)
      : null;
  }

  async #put(state: RouteState): Promise<void> {
    const others = this.#states.filter(({ name }) => name !== state.name);
    await this.#save([...others, state]);
    this.#routeOf(state.name).apply(state, 'asked');
    await this.#tellElder({ op: 'apply', state });
  }

  async #tellElder(asked: Follow): Promise<unknown> {
    return (await this.#world.elder?.tell(asked)) ?? null;
  }

  async #save(states: readonly RouteState[]): Promise<void> {
    await saveState(this.#world.folder, states, this.#settings);
    this.#states = states;
  }

  /** As the state says by now: somebody may have asked for another port meanwhile, or for none. */
  async #listenAgain(route: Route): Promise<void> {
    const state = this.#states.find(({ name }) => name === route.name);
    if (state) await route.door.open(state.port, state.host, state.tls);
  }

  #find(name: string): { readonly route: Route; readonly state: RouteState } {
    const state = this.#states.find((one) => one.name === name);
    if (state) return { route: this.#routeOf(name), state };
    throw new SallyportError({
      code: 'route_missing',
      message: `the proxy has no route ${name}`,
      hint: 'ensure the route first',
      exit: exitCodes.notFound,
    });
  }

  #routeOf(name: string): Route {
    const known = this.#routes.get(name);
    if (known) return known;
    const { times, say } = this.#world;
    const route = new Route(name, times, say);
    this.#tellOf(route);
    this.#routes.set(name, route);
    return route;
  }

  /** One change after the other, each on the disk before the next begins. */
  async #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#lastChange.then(() => {
      if (this.#isHandedOver) throw handedOver();
      return change();
    });
    this.#lastChange = turn.catch(() => {});
    return await turn;
  }
}

/** Both count the requests under way by slot. */
function sumOf(...all: readonly unknown[]): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {};
  for (const active of all) {
    for (const [slot, count] of Object.entries((active ?? {}) as Record<string, number>))
      sum[slot] = (sum[slot] ?? 0) + count;
  }
  return sum;
}

function noOtherSlot(route: string, slot: string): SallyportError {
  return new SallyportError({
    code: 'proxy_refused',
    message: `${slot} cannot be a canary of ${route}: another slot must have the traffic`,
    hint: 'switch the route to another slot first',
  });
}

async function proveWhenUp(route: Route, slot: Slot, signal: AbortSignal): Promise<void> {
  await repeat(async () => {
    if (!route.unproven.includes(slot)) return;
    if (!(await answersHttp(slot.upstream, 2_000))) throw new Error('not up yet');
    route.prove(slot);
  }, signal);
}

/** Until it does not fail any more: after a quarter of a second, later every two. */
async function repeat(attempt: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (let pauseMs = 250; !signal.aborted; pauseMs = Math.min(pauseMs * 1.5, 2_000)) {
    try {
      await attempt();
      return;
    } catch {
      await setTimeout(pauseMs, undefined, { signal }).catch(() => {});
    }
  }
}
