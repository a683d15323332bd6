import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { Delivery, DeliveryOutcome } from '../state/types.ts';
import type { World } from '../world.ts';

/** GitHub gives a receiver ten seconds. */
const timeoutMs = 10_000;
const longestAnswer = 64 * 1024;

/** Logs a delivery and sends it as often and as late as the faults say: once, now, where there are none. */
export function dispatch(world: World, delivery: Delivery): void {
  world.state.deliveries.push(delivery);
  const sendings = world.hooks.faults?.deliver?.(delivery) ?? [{ delivery, delayMs: 0 }];
  if (sendings.length === 0) delivery.outcome = lost;
  for (const sending of sendings) {
    if (!world.state.deliveries.includes(sending.delivery)) {
      world.state.deliveries.push(sending.delivery);
    }
    track(world, deliver(world, sending.delivery, sending.delayMs));
  }
}

const lost: DeliveryOutcome = {
  statusCode: 0,
  status: 'failed to connect to host',
  seconds: 0,
  requestHeaders: {},
  responseHeaders: {},
  responseBody: '',
};

function track(world: World, sending: Promise<void>): void {
  const tracked = sending.finally(() => world.underWay.delete(tracked));
  world.underWay.add(tracked);
}

async function deliver(world: World, delivery: Delivery, delayMs: number): Promise<void> {
  const headers = headersOf(delivery);
  const started = performance.now();
  const finish = (
    statusCode: number,
    status: string,
    more: Partial<DeliveryOutcome> = {},
  ): void => {
    const seconds = Math.round((performance.now() - started) / 10) / 100;
    const none = { responseHeaders: {}, responseBody: '' };
    delivery.outcome = { ...none, statusCode, status, seconds, requestHeaders: headers, ...more };
  };
  try {
    if (delayMs > 0) await sleep(delayMs, undefined, { signal: world.closing });
    const answer = await request(delivery.app.webhookUrl ?? '', {
      method: 'POST',
      headers,
      body: delivery.payload,
      // A connection that is kept may be closed by the App at the very moment it is used again.
      reset: true,
      signal: AbortSignal.any([world.closing, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await answer.body.text();
    const ok = answer.statusCode < 400;
    finish(answer.statusCode, ok ? 'OK' : `Invalid HTTP Response: ${answer.statusCode}`, {
      responseHeaders: flat(answer.headers),
      responseBody: text.slice(0, longestAnswer),
    });
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    finish(timedOut ? 504 : 502, timedOut ? 'timed out' : 'failed to connect to host');
  }
}

function headersOf({ app, event, guid, payload }: Delivery): Record<string, string> {
  const sign = (hash: string): string =>
    `${hash}=${createHmac(hash, app.webhookSecret).update(payload).digest('hex')}`;
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/5a11e00',
    'x-github-delivery': guid,
    'x-github-event': event,
    'x-github-hook-id': String(app.id),
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': sign('sha1'),
    'x-hub-signature-256': sign('sha256'),
  };
}

function flat(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
