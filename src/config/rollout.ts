import { z } from 'zod';
import { durationBetween } from './duration.ts';
import { section } from './later.ts';

const hosts = z.int({ error: 'a number of hosts' }).max(250);

export const Rollout = section({
  canary: hosts.min(0).default(0).describe('Hosts that go first, before all others.'),
  batch: hosts.min(1).default(1).describe('Hosts that go at once after that.'),
  pause: durationBetween('0s', '1d')
    .prefault('0s')
    .describe('After the canary, and between two batches.'),
  max_unavailable: hosts
    .min(1)
    .optional()
    .describe('Hosts that may be at work or down at once. Absent: as many as `batch`.'),
  down: z
    .enum(['refuse', 'skip', 'wait'])
    .default('wait')
    .describe(
      'A host that has not been heard of: nothing is begun, it is left out and catches up when it returns, or it is waited for.',
    ),
})
  .superRefine(({ down, batch, max_unavailable = batch }, context) => {
    if (down !== 'skip' || max_unavailable > 1) return;
    const message =
      'must be 2 or more with `down: skip`: a host that is left out is one of those that are down';
    context.addIssue({ code: 'custom', path: ['max_unavailable'], message });
  })
  .describe('How the hosts follow each other.');
export type Rollout = z.output<typeof Rollout>;
