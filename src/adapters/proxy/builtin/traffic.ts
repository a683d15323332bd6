import type { Choice } from './choose-slot.ts';
import type { Asked } from './exchange.ts';
import type { Refusal } from './refusal.ts';
import type { Slot } from './slot.ts';

/** What became of a request, for the access log. */
export interface Outcome {
  readonly slot: string | null;
  readonly method: string;
  /** As the request line has it. */
  readonly target: string;
  /** 0 where there was no answer. */
  readonly status: number;
  /** Of the answer's body; of a WebSocket, all that the client was sent. */
  readonly bytes: number;
  readonly ms: number;
  readonly peer: string | undefined;
}

/** A request has to wait before it is asked for a slot again. */
export interface Wait {
  readonly kind: 'wait';
  /** With `null` it may go on; else that is its answer. */
  readonly over: Promise<Refusal | null>;
  /** Whoever waits no more says so. */
  readonly leave: () => void;
}

/** What forwarding needs to know of a route. */
export interface Traffic {
  readonly name: string;
  choose(asked: Asked): Choice<Slot> | Wait;
  /** The proxy answered by itself. */
  refused(status: number): void;
  /** Called when a request is over; `null` where nobody wants to know. */
  tell: ((outcome: Outcome) => void) | null;
}
