import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../../src/sandbox/github/faults/chance.ts';
import { planDelivery } from '../../../../src/sandbox/github/faults/deliveries.ts';
import { Patience } from '../../../../src/sandbox/github/faults/patience.ts';
import { decideAfter, decideBefore } from '../../../../src/sandbox/github/faults/requests.ts';
import { SecondaryLimit } from '../../../../src/sandbox/github/faults/secondary-limit.ts';
import type { Delivery } from '../../../../src/sandbox/github/state/types.ts';
import { exchange } from '../../../support/github-examples.ts';

const chance = seededChance(3);

test('chances are spread evenly, also over neighbouring words', () => {
  const drawn = Array.from({ length: 4_000 }, (_, at) => chance('cut', at));
  const tenths = Array.from({ length: 10 }, (_, tenth) =>
    drawn.filter((value) => Math.floor(value * 10) === tenth),
  );
  for (const { length } of tenths) expect(Math.abs(length - 400)).toBeLessThan(100);
});

describe('requests', () => {
  const many = Array.from({ length: 1_000 }, (_, sequence) => sequence);

  test('about as many as the rate says are delayed and cut', () => {
    const unkindness = { delay: { rate: 0.2, longestMs: 50 }, cut: { rate: 0.1 } };
    const decisions = many.map((sequence) =>
      decideBefore(unkindness, chance, exchange({ sequence })),
    );
    const delayed = decisions.filter(({ waitMs }) => waitMs > 0);
    expect(Math.abs(delayed.length - 200)).toBeLessThan(50);
    expect(delayed.every(({ waitMs }) => waitMs <= 50)).toBe(true);
    expect(Math.abs(decisions.filter(({ cut }) => cut).length - 100)).toBeLessThan(40);
  });

  test('only writes that took effect lose their answer, half of them with a 502', () => {
    const unkindness = { lostAnswer: { rate: 1 } };
    const after = (method: string, status: number, sequence = 1) =>
      decideAfter(unkindness, chance, exchange({ method, sequence }), { status });
    expect(after('GET', 200)).toBeUndefined();
    expect(after('POST', 422)).toBeUndefined();
    const cuts = many.filter((sequence) => after('POST', 201, sequence)?.kind === 'cut');
    expect(Math.abs(cuts.length - 500)).toBeLessThan(80);
  });

  test('who tries the same thing again gets there the third time', () => {
    const patience = new Patience();
    const post = exchange({ method: 'POST', path: '/x' });
    expect([1, 2, 3, 4].map(() => patience.allows(post))).toEqual([true, true, false, true]);
    patience.passed(post);
    expect([1, 2, 3].map(() => patience.allows(post))).toEqual([true, true, false]);
    expect(patience.allows(exchange({ method: 'POST', path: '/y' }))).toBe(true);
  });
});

describe('the secondary limit', () => {
  const template = '/repos/{owner}/{repo}/deployments';
  const write = (at: number, more: object = {}) =>
    exchange({ method: 'POST', template, actor: 'installation:7', at, ...more });
  const refusals = (limit: SecondaryLimit, times: readonly number[]) =>
    times.map((at) => limit.refuse(write(at), chance)?.headers?.['retry-after']);

  test('80 writes in a minute pass, the next is told when to come back', () => {
    const limit = new SecondaryLimit({ perMinute: 80, perHour: 500 });
    const eighty = Array.from({ length: 80 }, (_, at) => at * 100);
    expect(refusals(limit, eighty).every((after) => after === undefined)).toBe(true);
    expect(refusals(limit, [20_000])).toEqual(['40']);
    expect(refusals(limit, [60_000])).toEqual([undefined]);
    expect(refusals(limit, [60_001])).toEqual(['1']);
  });

  test('500 writes in an hour pass', () => {
    const limit = new SecondaryLimit({ perMinute: 80, perHour: 500 });
    const fiveHundred = Array.from({ length: 500 }, (_, at) => at * 1_000);
    expect(refusals(limit, fiveHundred).every((after) => after === undefined)).toBe(true);
    expect(refusals(limit, [600_000])).toEqual(['3000']);
  });

  test('each caller has its own, and neither reads nor tokens count', () => {
    const limit = new SecondaryLimit({ perMinute: 1, perHour: 10 });
    expect(refusals(limit, [1])).toEqual([undefined]);
    const elsewhere = [
      write(2, { actor: 'user:octocat' }),
      write(2, { method: 'GET' }),
      write(2, { template: '/app/installations/{installation_id}/access_tokens' }),
    ];
    expect(elsewhere.map((request) => limit.refuse(request, chance))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([403, 429]).toContain(limit.refuse(write(2), chance)?.status);
  });
});

describe('webhooks', () => {
  const delivery = (id: number, redelivery = false) => ({ id, redelivery }) as Delivery;
  const ids = Array.from({ length: 400 }, (_, id) => id);

  test('are lost, but never when they were asked for again', () => {
    const lost = { lostDelivery: { rate: 1 } };
    expect(planDelivery(lost, chance, delivery(1))).toEqual([]);
    expect(planDelivery(lost, chance, delivery(1, true))).toHaveLength(1);
  });

  test('come twice under one id', () => {
    const [first, second] = planDelivery({ duplicateDelivery: { rate: 1 } }, chance, delivery(1));
    expect(second?.delivery).toBe(first?.delivery);
  });

  test('come after younger ones', () => {
    const late = { lateDelivery: { rate: 0.5, longestMs: 100 } };
    const delays = ids.map((id) => planDelivery(late, chance, delivery(id))[0]!.delayMs);
    expect(Math.max(...delays)).toBeLessThanOrEqual(100);
    expect(delays.filter((delay) => delay === 0).length).toBeGreaterThan(120);
    expect(delays.filter((delay) => delay > 0).length).toBeGreaterThan(120);
  });
});
