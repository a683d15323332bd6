import type { Delivery } from './state/types.ts';

/** An answer before it is written: JSON unless `text` is given; the ETag is computed from it afterwards. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as a fault may look at it. Git traffic has the template `/{owner}/{repo}.git`. */
export interface RequestContext {
  /** Counts every request of this server from 1. */
  readonly sequence: number;
  readonly method: string;
  /** GitHub's own path template, such as `/repos/{owner}/{repo}/issues/{issue_number}`; null where no route fits. */
  readonly template: string | null;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Who asks: `user:octocat`, `installation:7`, `app:3`, `anonymous`. */
  readonly actor: string;
  /** Milliseconds since 1970, by the stand-in's clock. */
  readonly at: number;
}

/** One finished API exchange, as it went over the wire. `responseBody` is parsed JSON, or undefined for none. */
export interface Exchange extends RequestContext {
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: unknown;
}

/** What a fault does to a request: answers in its place, or cuts the connection without a word. */
export type Intervention =
  { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'cut' };

/** One sending of a delivery after a delay, in milliseconds. */
export interface Sending {
  readonly delivery: Delivery;
  readonly delayMs: number;
}

/** The unkind mode. Each method is optional; what returns undefined changes nothing. */
export interface Faults {
  /** Before the route's handler: may wait, refuse, or cut. Nothing has happened yet. */
  beforeRequest?(context: RequestContext): Promise<Intervention | undefined>;
  /** After the handler, before the answer (and its ETag) is written: the effect has happened. */
  afterHandler?(context: RequestContext, answer: Answer): Promise<Intervention | undefined>;
  /** What of a list is visible, and in which order. Called with the route's template before paging. */
  filterRead?<T extends { readonly id: number }>(
    template: string,
    list: readonly T[],
  ): readonly T[];
  /** How often and when a delivery is sent; an empty array loses it (the log shows it as failed). */
  deliver?(delivery: Delivery): readonly Sending[];
}

export interface Hooks {
  /** Called after each API exchange, faulty ones included; not for a connection that was cut. */
  observe?(exchange: Exchange): void;
  /** Called with each webhook when it is made, before faults touch it. */
  observeWebhook?(event: string, payload: unknown): void;
  readonly faults?: Faults;
}
