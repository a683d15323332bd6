import { setTimeout } from 'node:timers/promises';
import { exitCodes, SallyportError } from '../../../model/errors.ts';
import type { Upstream } from '../../../model/upstream.ts';
import type { ProxyStatus } from '../../../ports/proxy.ts';
import { answersHttp } from './probe-upstream.ts';
import { Route } from './route.ts';
import type { SlotTimes } from './slot.ts';
import { saveState, upstreamOf, type LoadedState, type RouteState } from './state.ts';

/** All routes: the one place that changes what is on the disk and what is in force, in this order. */
export class RouteTable {
  readonly #folder: string;
  readonly #times: SlotTimes;
  readonly #routes = new Map<string, Route>();
  #states: readonly RouteState[] = [];
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(folder: string, times: SlotTimes) {
    this.#folder = folder;
    this.#times = times;
  }

  /**
   * Takes up the routes as they were. Each port answers 503 until its upstream was seen to
   * answer; a port that is taken is tried again until `signal`.
   */
  restore({ routes, fault }: LoadedState, signal: AbortSignal): void {
    this.#states = routes;
    for (const state of routes) {
      const route = this.#routeOf(state.name);
      if (fault !== null) route.hold(fault);
      if (state.target) {
        const why = 'its release is being looked for after a restart of the proxy';
        route.use(state.target.slot, upstreamOf(state.target), why);
      }
      void repeat(() => this.#inTurn(() => this.#listenAgain(route)), signal);
      void this.#releaseWhenUp(route, signal);
    }
  }

  ensure(name: string, listen: number, host: string | null): Promise<ProxyStatus> {
    return this.#inTurn(async () => {
      const before = this.#states.find((state) => state.name === name);
      const route = this.#routeOf(name);
      const wanted = before?.listen === listen && listen === 0 ? before.port : listen;
      const port = await route.listen(wanted, host);
      const state = { name, listen, host, port, target: before?.target ?? null };
      if (JSON.stringify(state) !== JSON.stringify(before)) await this.#save(state);
      return route.status(state);
    });
  }

  switch(name: string, slot: string, upstream: Upstream): Promise<null> {
    return this.#inTurn(async () => {
      const { route, state } = this.#find(name);
      if (!route.uses(slot, upstream)) {
        await this.#save({ ...state, target: { slot, ...upstream } });
        route.use(slot, upstream);
      }
      return null;
    });
  }

  async drain(name: string, slot: string, ms: number, signal: AbortSignal): Promise<number> {
    return await this.#find(name).route.drain(slot, ms, signal);
  }

  status(name: string): ProxyStatus | null {
    const state = this.#states.find((one) => one.name === name);
    return state ? this.#routeOf(name).status(state) : null;
  }

  async close(graceMs: number): Promise<void> {
    await Promise.all([...this.#routes.values()].map((route) => route.close(graceMs)));
  }

  async #save(state: RouteState): Promise<void> {
    const others = this.#states.filter(({ name }) => name !== state.name);
    await saveState(this.#folder, [...others, state]);
    this.#states = [...others, state];
  }

  async #releaseWhenUp(route: Route, signal: AbortSignal): Promise<void> {
    await repeat(async () => {
      const slot = route.heldSlot;
      if (slot && !(await answersHttp(slot.upstream, 2_000))) throw new Error('not up yet');
      if (slot) route.release(slot);
    }, signal);
  }

  /** As the state says by now: somebody may have asked for another port meanwhile. */
  async #listenAgain(route: Route): Promise<void> {
    const { port, host } = this.#find(route.name).state;
    await route.listen(port, host);
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
    const route = this.#routes.get(name) ?? new Route(name, this.#times);
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
