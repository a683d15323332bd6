import { unitKey } from '../model/unit.ts';
import type { Log } from '../ports/log.ts';
import type { AgentListener } from './events.ts';

/** Says in the agent's own log what happens; progress and program output are in the unit's log. */
export function logEvents(log: Log): AgentListener {
  return (event) => {
    if ('work' in event) {
      const facts = { deployment: event.work.deployment, unit: unitKey(event.work) };
      switch (event.kind) {
        case 'unit-began':
          log.info('unit began', { ...facts, direction: event.direction, resumed: event.resumed });
          return;
        case 'step-ended': {
          const { step, durationMs: duration_ms, failure } = event;
          if (!failure) log.info('step ended', { ...facts, step, duration_ms });
          else {
            const { reason, message } = failure;
            log.warn('step failed', { ...facts, step, duration_ms, reason, message });
          }
          return;
        }
        case 'unit-turned':
          log.warn('rolling back', { ...facts, reason: event.failure.reason });
          return;
        case 'unit-ended':
          log.info('unit ended', { ...facts, state: event.outcome.state });
          return;
        default:
          return;
      }
    }
    const { deployment, unit } = event;
    if (event.kind === 'unit-refused') {
      const { reason, message } = event;
      log.warn('unit refused', { deployment, unit, reason, message });
    } else log.info('record written', { deployment, unit, state: event.state });
  };
}
