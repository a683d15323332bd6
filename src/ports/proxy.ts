/** Where a slot listens. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
}

export interface ProxyRoute {
  /** Unique on the host: `production.web`. */
  readonly name: string;
  /** The port that people and load balancers talk to; 0 lets the driver choose one, and keep it. */
  readonly listen: number;
}

export interface ProxyStatus {
  readonly name: string;
  /** The port in use. */
  readonly port: number;
  /** The slot that has the traffic: `blue`, `green`; `null` before the first switch. */
  readonly slot: string | null;
  readonly upstream: Upstream | null;
  /** Requests under way, by slot; a drained slot has none. */
  readonly active: Readonly<Record<string, number>>;
}

/**
 * What stands before a service's slots and moves traffic between them. It outlives the agent.
 * Every method rejects with `proxy_not_answering` (retry) rather than wait for ever.
 */
export interface Proxy {
  /** Makes the route exist (503 with a clear body until a switch) and gives its status. Idempotent. Rejects with `port_taken` or `port_not_permitted`. */
  ensure(route: ProxyRoute): Promise<ProxyStatus>;
  /**
   * Sends every new request to the slot, atomically; requests under way finish where they are.
   * Resolves when the new state is on the disk and in force. Idempotent. Rejects with `route_missing`.
   */
  switch(name: string, slot: string, upstream: Upstream): Promise<void>;
  /** Waits until the slot has no requests under way; after `timeoutMs` closes what is left. Gives how many were closed. */
  drain(name: string, slot: string, timeoutMs: number, signal?: AbortSignal): Promise<number>;
  /** `null` where there is no such route. */
  status(name: string): Promise<ProxyStatus | null>;
}
