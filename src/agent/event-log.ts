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
        case 'step-retried': {
          const { step, attempt, pauseMs: pause_ms, failure } = event;
          const { reason, message } = failure;
          log.warn('step is tried again', { ...facts, step, attempt, pause_ms, reason, message });
          return;
        }
        case 'unit-planned': {
          const { risk, changes } = event.plan;
          log.info('unit planned', { ...facts, changes: changes.length, risk });
          return;
        }
        case 'unit-unchanged':
          log.info('nothing to change', { ...facts, commit: event.work.job.sha });
          return;
        case 'unit-waits': {
          const { name: gate, reason, message } = event.gate;
          log.info('unit waits', { ...facts, gate, reason, message });
          return;
        }
        case 'unit-turned':
          log.warn('rolling back', { ...facts, reason: event.failure.reason });
          return;
        case 'kept': {
          const { reason, message, details, mended } = event.found;
          const told = { ...facts, environment: event.work.job.environment, reason, message };
          if (mended) log.info('mended between deployments', told);
          else log.warn('found between deployments', { ...told, details: details.join(' | ') });
          return;
        }
        case 'by-hand': {
          const { work, by, message } = event;
          log.info('traffic by hand', { ...facts, environment: work.job.environment, by, message });
          return;
        }
        case 'unit-ended':
          log.info('unit ended', { ...facts, state: event.outcome.state });
          return;
        default:
          return;
      }
    }
    const { deployment } = event;
    switch (event.kind) {
      case 'unit-refused': {
        const { unit, reason, message } = event;
        log.warn('unit refused', { deployment, unit, reason, message });
        return;
      }
      case 'record-written':
        log.info('record written', { deployment, unit: event.unit, state: event.state });
        return;
      case 'drifted': {
        const { environment, plans } = event;
        const targets = plans.map(({ name }) => name).join();
        log.warn('this host has drifted', { deployment, environment, targets });
        return;
      }
      case 'healed':
        log.info('drift is gone', { deployment, environment: event.environment });
        return;
      case 'heal-failed': {
        const { environment, message, pauseMs: pause_ms } = event;
        log.error('drift could not be mended', { deployment, environment, message, pause_ms });
      }
    }
  };
}
