import { expect } from 'vitest';
import type { Proxy } from '../../src/ports/proxy.ts';
import type { TestUpstream } from '../support/upstream.ts';

/**
 * A real server of its own with a driver of ours before it, listening on 127.0.0.1. This is all that
 * an adapter's test writes: `proxyContract('nginx', openNginx)`.
 */
export interface ProxyBench {
  readonly proxy: Proxy;
  /** What this server cannot do is `not_supported`, or is said below. */
  readonly can: {
    /** `weights` gives a canary its share. */
    readonly weights: boolean;
    /** `drain` closes what is left when its time is over; else that lives on, and 0 is given. */
    readonly cut: boolean;
    /** An upstream may be a Unix socket. */
    readonly sockets: boolean;
    /** A switch fails no request on kept connections. */
    readonly keepAlive: boolean;
    /** WebSockets live on over a switch. */
    readonly webSockets: boolean;
    readonly maintenance: boolean;
    readonly remove: boolean;
  };
  /** Ends the server as a crash does. What it listened on is free when this resolves. */
  kill(): Promise<void>;
  /** Starts it as a boot does, from what is on the disk; an embedded one may leave that to the driver. */
  start(): Promise<void>;
  /** Restarts it without anything that a switch left in it or for it; its routes may be gone too. */
  forget?(): Promise<void>;
  /** Makes the server refuse every change of its configuration, until what this gives is called. */
  refuse?(): Promise<() => Promise<void>>;
  /** Spoils the host so that `check` finds something; the hint must contain `hint`. */
  spoil?(): Promise<{ readonly hint: string; mend(): Promise<void> }>;
  close(): Promise<void>;
}

export type OpenProxy = () => Promise<ProxyBench>;

/** What the tests work with: the bench, two slots of their own, and a route that they share. */
export interface ContractBench {
  server: ProxyBench;
  proxy: Proxy;
  blue: TestUpstream;
  green: TestUpstream;
  /** Makes another route that no test has used: `route` and `url` are it from now on. */
  fresh(): Promise<void>;
  route: string;
  /** Where the route answers. */
  url: string;
}

/** The body of an answer that must be one of a slot. */
export async function ask(bench: ContractBench, path = '/'): Promise<string> {
  const answer = await fetch(`${bench.url}${path}`);
  return answer.ok ? await answer.text() : `status ${answer.status}`;
}

export async function expectNotSupported(asking: Promise<unknown>): Promise<void> {
  await expect(asking).rejects.toMatchObject({ code: 'not_supported' });
}
