import type { Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { isSameUpstream, type Upstream } from '../../../model/upstream.ts';
import type { ProxyStatus } from '../../../ports/proxy.ts';
import { forwardRequest, type Traffic } from './forward-request.ts';
import { forwardUpgrade } from './forward-upgrade.ts';
import { createListener, listenOn } from './listener.ts';
import { Slot, type SlotTimes } from './slot.ts';
import { upstreamOf, type RouteState } from './state.ts';

/** A port, and the slots behind it. It holds what is in force; what is on the disk is its caller's. */
export class Route implements Traffic {
  readonly name: string;
  readonly #times: SlotTimes;
  #server: Server | null = null;
  #bound: { readonly port: number; readonly host: string | null } | null = null;
  #current: Slot | null = null;
  /** Why the slot in force gets no traffic, where it does not. */
  #held: string | null = 'nothing was deployed here yet';
  /** The slot in force and those with something still under way. */
  #slots: readonly Slot[] = [];

  constructor(name: string, times: SlotTimes) {
    this.name = name;
    this.#times = times;
  }

  current(): Slot | string {
    return this.#held ?? this.#current ?? 'nothing was deployed here yet';
  }

  /** Listens there, and lets go of another port if it had one. Gives the port; idempotent. */
  async listen(port: number, host: string | null): Promise<number> {
    if (this.#bound?.port === port && this.#bound.host === host) return port;
    const server = createListener(
      (request, response) => forwardRequest(request, response, this),
      (request, socket, head) => forwardUpgrade(request, socket, head, this),
    );
    const bound = await listenOn(server, port, host);
    this.#release();
    this.#server = server;
    this.#bound = { port: bound, host };
    return bound;
  }

  /** Sends every new request there from now on; where `held`, answers 503 with that instead until `release`. */
  use(name: string, upstream: Upstream, held: string | null = null): void {
    const before = this.#current;
    this.#current = new Slot(name, upstream, this.#times);
    this.#held = held;
    this.#slots = [...this.#slots.filter(({ active }) => active > 0), this.#current];
    before?.retire();
  }

  /** The slot in force gets the traffic; nothing happens where it is another one by now. */
  release(slot: Slot): void {
    if (this.#current === slot) this.#held = null;
  }

  /** Says to clients why they get no answer. */
  hold(why: string): void {
    this.#held = why;
  }

  /** The slot that waits to be released, if one does. */
  get heldSlot(): Slot | null {
    return this.#held === null ? null : this.#current;
  }

  /** Whether this is in force already. */
  uses(name: string, upstream: Upstream): boolean {
    const slot = this.#current;
    const same = slot?.name === name && isSameUpstream(slot.upstream, upstream);
    return same && this.#held === null;
  }

  /** Waits until nothing is under way in a slot; after `timeoutMs` cuts the rest off, and gives how many. */
  async drain(name: string, timeoutMs: number, signal: AbortSignal): Promise<number> {
    const slots = this.#slots.filter((slot) => slot.name === name);
    const timer = new AbortController();
    const idle = Promise.all(slots.map((slot) => slot.idle())).then(() => timer.abort());
    const options = { signal: AbortSignal.any([signal, timer.signal]) };
    await Promise.race([idle, setTimeout(timeoutMs, undefined, options).catch(() => {})]);
    timer.abort();
    return signal.aborted ? 0 : slots.reduce((cut, slot) => cut + slot.cut(), 0);
  }

  status(state: RouteState): ProxyStatus {
    const active: Record<string, number> = {};
    for (const slot of this.#slots) active[slot.name] = (active[slot.name] ?? 0) + slot.active;
    const { target } = state;
    const upstream = target && upstreamOf(target);
    return { name: this.name, port: state.port, slot: target?.slot ?? null, upstream, active };
  }

  /** Stops listening, waits `graceMs` for what is under way, and cuts the rest off. */
  async close(graceMs: number): Promise<void> {
    this.#release();
    const done = Promise.all(this.#slots.map((slot) => slot.idle()));
    await Promise.race([done, setTimeout(graceMs, undefined, { ref: false })]);
    for (const slot of this.#slots) {
      slot.cut();
      slot.retire();
    }
    this.#server?.closeAllConnections();
  }

  #release(): void {
    this.#server?.close();
    this.#server?.closeIdleConnections();
  }
}
