import type { Step, StepPhase } from '../../src/targets/target.ts';
import { StepFailure } from '../../src/targets/target.ts';

export const forwardNames = ['fetch', 'back-up', 'build', 'start', 'switch', 'prove'] as const;
export const backNames = ['switch-back', 'stop-new'] as const;
const phases: Readonly<Record<string, StepPhase>> = {
  fetch: 'planning',
  'back-up': 'backing-up',
  prove: 'verifying',
  'switch-back': 'rolling-back',
  'stop-new': 'rolling-back',
  drain: 'settling',
};

/** A unit of steps that tell `ran` of themselves; `broken` ones fail. */
export function unitOf(ran: (name: string) => void | Promise<void>, broken: readonly string[]) {
  const step = (name: string): Step => ({
    name,
    phase: phases[name] ?? 'applying',
    run: async () => {
      await ran(name);
      if (broken.includes(name)) throw new StepFailure('build_failed', `${name} broke`, ['tail']);
    },
  });
  return {
    steps: forwardNames.map(step),
    rollback: backNames.map(step),
    settle: [step('drain')],
  };
}
