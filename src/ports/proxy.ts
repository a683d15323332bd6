import type { Upstream } from '../model/upstream.ts';

export interface ProxyRoute {
  /** Unique on the host: `production.web`. */
  readonly name: string;
  /** The port that people and load balancers talk to; 0 lets the driver choose one, and keep it. */
  readonly listen: number;
  /** Files on this host, PEM; absent: plain HTTP. */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined;
  /** The names that this route answers to; absent or empty: all. */
  readonly serverNames?: readonly string[] | undefined;
  /**
   * Where its slots listen, as far as that never changes: a proxy that must be told beforehand keeps
   * connections to them. Traffic may go elsewhere all the same.
   */
  readonly upstreams?: readonly Upstream[] | undefined;
  /** How a person looks at the slot that does not have the traffic: by a header or a cookie whose value is the slot's name. */
  readonly preview?: { readonly header: string; readonly cookie: string } | undefined;
}

export interface ProxyStatus {
  readonly name: string;
  /** The port in use. */
  readonly port: number;
  /** The slot that has the traffic: `blue`, `green`; `null` before the first switch. */
  readonly slot: string | null;
  readonly upstream: Upstream | null;
  /** Requests under way, by slot, where the proxy counts them; a drained slot has none. */
  readonly active: Readonly<Record<string, number>>;
  /** A slot that gets a share of the traffic beside the one that has it. */
  readonly canary?: Canary | null;
  /** What people are told instead of an answer; absent or `null`: requests are answered. */
  readonly maintenance?: string | null;
  /** New requests are held by a pause; absent: they are not, or the proxy cannot. */
  readonly holding?: boolean;
}

/** A share of new requests for another slot than the one that has the traffic. */
export interface Canary {
  readonly slot: string;
  readonly upstream: Upstream;
  /** Above 0 and below 1. */
  readonly share: number;
  /** Whoever came to a slot comes to it again, by a cookie. */
  readonly sticky: boolean;
}

/** What a slot has answered since the proxy began to count; only ever growing until it counts from 0 again. */
export interface SlotCounters {
  readonly requests: number;
  /** Answers of 500 and above, and requests that got none. */
  readonly errors: number;
  /** Sum of the times from the request to the head of its answer, in ms; `null` where the proxy does not measure it. */
  readonly durationMs: number | null;
}

/** Something about a proxy that keeps it from its work. */
export interface ProxyProblem {
  /** What is wrong, in words. */
  readonly message: string;
  /** The exact command, or the exact lines, that mend it. */
  readonly hint: string;
}

/**
 * What stands before a service's slots and moves traffic between them. It outlives the agent.
 * Every method rejects with `proxy_not_answering` (retry) rather than wait for ever, and with
 * `not_supported` where the proxy cannot do that at all.
 */
export interface Proxy {
  /** Makes the route exist (503 with a clear body until a switch) and gives its status. Idempotent. Rejects with `port_taken`, `port_not_permitted` or `proxy_refused`. */
  ensure(route: ProxyRoute): Promise<ProxyStatus>;
  /** What is in force now, as the proxy itself says; `null` where there is no such route. */
  current(name: string): Promise<ProxyStatus | null>;
  /**
   * Sends every new request to the slot, atomically; requests under way finish where they are. A
   * canary ends by it. Resolves when the new state is on the disk and in force. Idempotent. Rejects with
   * `route_missing` or `proxy_refused`.
   */
  switch(name: string, slot: string, upstream: Upstream): Promise<void>;
  /**
   * Takes the traffic from whichever slot has it: new requests get 503 with a clear body, as before the
   * first switch, until the next one. A canary ends by it; maintenance does not. On the disk and in
   * force when it resolves. Idempotent. Rejects as `switch` does.
   */
  clear(name: string): Promise<void>;
  /** Waits until the slot has no requests under way; after `timeoutMs` closes what is left, where the proxy can. Gives how many were closed. */
  drain(name: string, slot: string, timeoutMs: number, signal?: AbortSignal): Promise<number>;
  /** Gives a share of new requests to a canary; `null` ends that. Idempotent. */
  weights(name: string, canary: Canary | null): Promise<void>;
  /**
   * Tells where a slot without the traffic is found, for whoever asks for it by `preview`; `null`
   * takes that back. A slot that got the traffic once stays known. Absent where the proxy has no
   * preview. Idempotent.
   */
  offer?(name: string, slot: string, upstream: Upstream | null): Promise<void>;
  /** Answers every new request with 503 and this text; `null` ends that. Idempotent; kept over a restart. */
  maintenance(name: string, text: string | null): Promise<void>;
  /**
   * Holds new requests, each for `holdMs` at the most and then answered with 503, until `resume`.
   * Not kept over a restart. Absent where the proxy cannot hold. Idempotent.
   */
  pause?(name: string, holdMs: number): Promise<void>;
  /** Lets the held requests go on. Idempotent. */
  resume?(name: string): Promise<void>;
  /** By slot; `null` where the proxy does not count. */
  counters(name: string): Promise<Readonly<Record<string, SlotCounters>> | null>;
  /** What keeps the proxy from its work on this host; nothing is changed by looking. */
  check(): Promise<readonly ProxyProblem[]>;
  /** Forgets the route; what it listened on is free. Idempotent. */
  remove(name: string): Promise<void>;
}
