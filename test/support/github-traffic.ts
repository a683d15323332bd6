import { expect } from 'vitest';
import type { Exchange, Hooks } from '../../src/sandbox/github/hooks.ts';
import { violationsOfExchange } from './github-contract.ts';
import { violationsOfWebhook } from './webhook-contract.ts';

export interface Traffic {
  /** For `startGithub({ hooks: { ...traffic.hooks, faults } })`. */
  readonly hooks: Pick<Hooks, 'observe' | 'observeWebhook'>;
  readonly exchanges: readonly Exchange[];
  readonly webhooks: readonly { readonly event: string; readonly payload: unknown }[];
  /** Each line that GitHub's own descriptions do not allow, once. */
  violations(): readonly string[];
  /** Fails the test with them. */
  expectNoViolations(): void;
}

/** Keeps all that goes between the product and the stand-in, and judges it when asked. */
export function recordTraffic(): Traffic {
  const exchanges: Exchange[] = [];
  const webhooks: { event: string; payload: unknown }[] = [];
  return {
    hooks: {
      observe: (exchange) => void exchanges.push(exchange),
      // Payloads are made anew for each event, so what is kept is what was sent.
      observeWebhook: (event, payload) => void webhooks.push({ event, payload }),
    },
    exchanges,
    webhooks,
    violations,
    expectNoViolations: () => expect(violations()).toEqual([]),
  };

  function violations(): readonly string[] {
    const found = [
      ...exchanges.flatMap(violationsOfExchange),
      ...webhooks.flatMap(({ event, payload }) => violationsOfWebhook(event, payload)),
    ];
    return [...new Set(found)];
  }
}
