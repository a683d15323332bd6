import { setTimeout } from 'node:timers/promises';
import { exitCodes, SallyportError } from '../../../model/errors.ts';
import type { Upstream } from '../../../model/upstream.ts';
import type { Canary, ProxyProblem, ProxyStatus, SlotCounters } from '../../../ports/proxy.ts';
import type { EnsureRequest } from './control-messages.ts';
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
}

/** All routes: the one place that changes what is on the disk and what is in force, in this order. */
export class RouteTable {
  readonly #world: TableWorld;
  readonly #routes = new Map<string, Route>();
  #states: readonly RouteState[] = [];
  #settings: ProcessSettings = quiet;
  readonly #observation: Observation;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(world: TableWorld) {
    this.#world = world;
    this.#observation = new Observation(world.folder, () => [...this.#routes.values()]);
  }

  /**
   * Takes up the routes as they were, and resolves when each of them listens, if it can. Each
   * port answers 503 until its upstream was seen to answer; a port that is taken is tried
   * again until `signal`.
   */
  async restore({ routes, fault, settings }: LoadedState, signal: AbortSignal): Promise<void> {
    this.#states = routes;
    await this.#observe(settings);
    const listening = routes.map(async (state) => {
      const route = this.#routeOf(state.name);
      route.apply(state, 'file');
      if (fault !== null) route.blame(fault);
      for (const slot of route.unproven) void proveWhenUp(route, slot, signal);
      const listen = () => this.#inTurn(() => this.#listenAgain(route));
      await listen().catch(() => void repeat(listen, signal));
    });
    await Promise.all(listening);
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

  pause(name: string, holdMs: number): null {
    this.#find(name).route.pause(holdMs);
    return null;
  }

  resume(name: string): null {
    this.#find(name).route.resume();
    return null;
  }

  async drain(name: string, slot: string, ms: number, signal: AbortSignal): Promise<number> {
    return await this.#find(name).route.drain(slot, ms, signal);
  }

  status(name: string): ProxyStatus | null {
    const state = this.#states.find((one) => one.name === name);
    return state ? this.#routeOf(name).status(state) : null;
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
    const turn = this.#lastChange.then(change);
    this.#lastChange = turn.catch(() => {});
    return await turn;
  }
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
