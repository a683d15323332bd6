import { setTimeout } from 'node:timers/promises';
import { isSameUpstream, type Upstream } from '../../../model/upstream.ts';
import type { ProxyStatus } from '../../../ports/proxy.ts';
import { chooseSlot, type Choice, type Rules } from './choose-slot.ts';
import { Door } from './door.ts';
import type { Asked } from './exchange.ts';
import { forwardRequest } from './forward-request.ts';
import { forwardUpgrade } from './forward-upgrade.ts';
import { Pause } from './pause.ts';
import { cookieNameOf, placeOf } from './share.ts';
import { SlotCounts } from './slot-counts.ts';
import { Slot, type SlotTimes } from './slot.ts';
import { upstreamOf, type RouteState } from './state.ts';
import type { Traffic, Wait } from './traffic.ts';

/** What was cut off may take so long to say goodbye, in ms. */
const goodbyeMs = 1_500;

/** A port, and the slots behind it. It holds what is in force; what is on the disk is its caller's. */
export class Route implements Traffic {
  readonly name: string;
  readonly door: Door;
  tell: Traffic['tell'] = null;
  readonly #times: SlotTimes;
  readonly #cookie: string;
  /** By slot; what the proxy answered by itself stands under no name. */
  readonly #counts = new Map<string, SlotCounts>();
  #state: RouteState | null = null;
  #current: Slot | null = null;
  #canary: Slot | null = null;
  /** Slots that were read from a file, and that nobody has seen answer since. */
  #unproven: readonly Slot[] = [];
  /** Why there is no slot in force, where that is known. */
  #fault: string | null = null;
  /** The slots in force, those that may be shown, and those with something still under way. */
  #slots: readonly Slot[] = [];
  #pause: Pause | null = null;
  #visitors = 0;
  #switches = 0;
  #rules: Rules<Slot>;
  /** What every request is told, where it is the same for all: most of the time. */
  #always: Choice<Slot> | null = null;

  constructor(name: string, times: SlotTimes, say: (message: string) => void) {
    this.name = name;
    this.#times = times;
    this.#cookie = cookieNameOf(name);
    this.#rules = this.#rulesNow();
    this.door = new Door(
      (exchange) => forwardRequest(exchange, this),
      (request, socket, head) => forwardUpgrade(request, socket, head, this),
      (message) => say(`${name}: ${message}`),
    );
  }

  choose(asked: Asked): Choice<Slot> | Wait {
    if (this.#always) return this.#always;
    if (this.#pause) return this.#pause.hold();
    return chooseSlot(this.#rules, asked, () => placeOf((this.#visitors += 1)));
  }

  refused(status: number): void {
    this.#countsOf('').answered(status, 0);
  }

  /** Puts in force what the state says. Slots out of a file get no traffic until `prove`. */
  apply(state: RouteState, from: 'asked' | 'file'): void {
    const { target, canary } = state;
    const before = this.#current;
    this.#state = state;
    this.#current = target && this.#slotOf(target.slot, upstreamOf(target));
    this.#canary = canary ? this.#slotOf(canary.slot, canary.upstream) : null;
    if (before && this.#current !== before) this.#switches += 1;
    const inForce = [this.#current, this.#canary].filter((slot) => slot !== null);
    this.#unproven = from === 'file' ? inForce : this.#unproven;
    if (from === 'asked' && target) this.#fault = null;
    this.#keep(inForce);
    this.#decide();
  }

  /** Says to clients why they get no answer. */
  blame(fault: string): void {
    this.#fault = fault;
    this.#decide();
  }

  /** The slots that wait to be seen. */
  get unproven(): readonly Slot[] {
    return this.#unproven;
  }

  /** Somebody has seen it answer, or vouches for it. */
  prove(slot: Slot): void {
    this.#unproven = this.#unproven.filter((one) => one !== slot);
    this.#decide();
  }

  /** Somebody vouches for the slot of that name that is in force. */
  vouch(name: string): void {
    for (const slot of this.#unproven) if (slot.name === name) this.prove(slot);
  }

  /** The names of the slots in force that may get traffic. */
  get proven(): readonly string[] {
    const inForce = [this.#current, this.#canary].filter((slot) => slot !== null);
    return inForce.filter((slot) => !this.#unproven.includes(slot)).map(({ name }) => name);
  }

  get isPaused(): boolean {
    return this.#pause !== null;
  }

  pause(holdMs: number): void {
    const before = this.#pause;
    this.#pause = new Pause(this.name, holdMs);
    this.#decide();
    before?.end();
  }

  resume(): void {
    const before = this.#pause;
    this.#pause = null;
    this.#decide();
    before?.end();
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

  status({ port, target, canary, maintenance }: RouteState): ProxyStatus {
    const upstream = target && upstreamOf(target);
    return {
      name: this.name,
      port,
      slot: target?.slot ?? null,
      upstream,
      active: this.active,
      ...(canary ? { canary } : {}),
      ...(maintenance === undefined ? {} : { maintenance }),
      ...(this.isPaused ? { holding: true } : {}),
    };
  }

  /** Requests under way, by slot. */
  get active(): Readonly<Record<string, number>> {
    const active: Record<string, number> = {};
    for (const slot of this.#slots) active[slot.name] = (active[slot.name] ?? 0) + slot.active;
    return active;
  }

  get counts(): ReadonlyMap<string, SlotCounts> {
    return this.#counts;
  }

  /** How often another slot got the traffic, since the process began. */
  get switches(): number {
    return this.#switches;
  }

  /** Stops listening, waits `graceMs` for what is under way, and cuts the rest off. */
  async close(graceMs: number): Promise<void> {
    this.door.close();
    this.resume();
    await this.#idleWithin(graceMs);
    if (this.#slots.reduce((cut, slot) => cut + slot.cut(), 0) > 0) {
      await this.#idleWithin(goodbyeMs);
    }
    for (const slot of this.#slots) slot.retire();
    this.door.closeAll();
  }

  async #idleWithin(ms: number): Promise<void> {
    const done = Promise.all(this.#slots.map((slot) => slot.idle()));
    await Promise.race([done, setTimeout(ms, undefined, { ref: false })]);
  }

  /** Forgets slots that nobody can ask for any more, but for what is under way in them. */
  #keep(inForce: readonly Slot[]): void {
    const others = this.#state?.others ?? {};
    const isWanted = (slot: Slot) => {
      const other = others[slot.name];
      return inForce.includes(slot) || (other && isSameUpstream(other, slot.upstream));
    };
    const unwanted = this.#slots.filter((slot) => !isWanted(slot));
    for (const slot of unwanted) slot.retire();
    this.#slots = this.#slots.filter((slot) => isWanted(slot) || slot.active > 0);
  }

  /** A slot that takes requests is used again; one that was retired is not. */
  #slotOf(name: string, upstream: Upstream): Slot {
    const known = this.#slots.find(
      (slot) => slot.name === name && !slot.isRetired && isSameUpstream(slot.upstream, upstream),
    );
    if (known) return known;
    const slot = new Slot(name, upstream, this.#times, this.#countsOf(name));
    this.#slots = [...this.#slots, slot];
    return slot;
  }

  #countsOf(name: string): SlotCounts {
    const counts = this.#counts.get(name) ?? new SlotCounts();
    this.#counts.set(name, counts);
    return counts;
  }

  #decide(): void {
    this.#rules = this.#rulesNow();
    const { serverNames, maintenance, preview, canary, current } = this.#rules;
    const isPlain = serverNames.length === 0 && maintenance === null && !preview && !canary;
    this.#always =
      isPlain && !this.#pause && current instanceof Slot
        ? { kind: 'slot', slot: current, setCookie: null }
        : null;
  }

  #rulesNow(): Rules<Slot> {
    const { serverNames, maintenance, preview, others, canary } = this.#state ?? {};
    const isProven = (slot: Slot) => !this.#unproven.includes(slot);
    return {
      name: this.name,
      serverNames: serverNames ?? [],
      maintenance: maintenance ?? null,
      preview: preview ?? null,
      find: (name) => {
        const inForce = [this.#current, this.#canary].find((slot) => slot?.name === name);
        if (inForce) return isProven(inForce) ? inForce : null;
        const other = others && Object.hasOwn(others, name) ? others[name] : undefined;
        return other ? this.#slotOf(name, other) : null;
      },
      canary:
        canary && this.#canary && isProven(this.#canary)
          ? { slot: this.#canary, share: canary.share, cookie: canary.sticky ? this.#cookie : null }
          : null,
      current:
        this.#fault === null && this.#current && isProven(this.#current)
          ? this.#current
          : this.#why(),
    };
  }

  #why(): { readonly why: string } {
    if (this.#fault !== null) return { why: this.#fault };
    return {
      why: this.#current
        ? 'its release is being looked for after a restart of the proxy'
        : 'no release has the traffic yet',
    };
  }
}
