import type { Clock } from '../../../ports/clock.ts';
import type { Faults } from '../hooks.ts';
import { seededChance } from './chance.ts';
import { planDelivery } from './deliveries.ts';
import { Patience } from './patience.ts';
import { decideAfter, decideBefore } from './requests.ts';
import { SecondaryLimit } from './secondary-limit.ts';
import type { Unkindness } from './unkindness.ts';
import { visibleEntries } from './visible.ts';

export interface FaultOptions {
  readonly seed: number;
  readonly unkindness: Unkindness;
  /** The stand-in's own time. */
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
}

/** Faults for `startGithub({ hooks: { faults } })`. The same seed befalls the same requests. */
export function createFaults({ seed, unkindness, clock }: FaultOptions): Faults {
  const chance = seededChance(seed);
  const patience = new Patience();
  const limit = unkindness.secondaryLimit && new SecondaryLimit(unkindness.secondaryLimit);
  let reads = 0;
  return {
    async beforeRequest(context) {
      const { waitMs, cut } = decideBefore(unkindness, chance, context);
      if (waitMs > 0) await clock.sleep(waitMs);
      if (cut && patience.allows(context)) return { kind: 'cut' };
      const refusal = limit?.refuse(context, chance);
      return refusal && { kind: 'answer', answer: refusal };
    },
    afterHandler(context, answer) {
      const fault = decideAfter(unkindness, chance, context, answer);
      if (fault && patience.allows(context)) return Promise.resolve(fault);
      patience.passed(context);
      return Promise.resolve(undefined);
    },
    filterRead(template, list) {
      reads += 1;
      const read = { template, sequence: reads, now: clock.now() };
      return visibleEntries(unkindness, chance, read, list);
    },
    deliver: (delivery) => planDelivery(unkindness, chance, delivery),
  };
}
