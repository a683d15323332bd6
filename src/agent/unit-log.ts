import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { unitKey } from '../model/unit.ts';
import type { Clock } from '../ports/clock.ts';
import { describePlan, describeUnchanged } from './describe.ts';
import type { AgentEvent, AgentListener } from './events.ts';

/** How many differences of a target are listed. */
const mostChanges = 100;

/** Where the log of a deployment on this host is, for people. */
export function unitLogPath(state: string, deployment: number): string {
  return join(state, 'logs', `${deployment}.log`);
}

/** Writes what happens to `<state>/logs/<deployment>.log`, one line a fact. A full disk stops no deployment. */
export function unitLogger(state: string, clock: Clock, isFailed: (error: unknown) => void) {
  mkdirSync(join(state, 'logs'), { recursive: true, mode: 0o700 });
  const listener: AgentListener = (event) => {
    const deployment = 'work' in event ? event.work.deployment : event.deployment;
    const time = new Date(clock.now()).toISOString();
    const text = linesOf(event)
      .map((line) => `${time} ${plain(line)}\n`)
      .join('');
    try {
      appendFileSync(unitLogPath(state, deployment), text, { mode: 0o600 });
    } catch (error) {
      isFailed(error);
    }
  };
  return listener;
}

/** What a program or a commit says neither begins a line of ours nor moves a terminal's cursor. */
function plain(line: string): string {
  return line.replaceAll(/\p{Cc}+/gu, ' ');
}

/** An event as lines for people. */
function linesOf(event: AgentEvent): readonly string[] {
  switch (event.kind) {
    case 'unit-began': {
      const { work, direction, resumed } = event;
      const what = direction === 'forward' ? work.job.operation : 'roll back';
      const again = resumed ? ', goes on where it was interrupted' : '';
      return [`${unitKey(work)} begins: ${what} ${work.job.sha.slice(0, 7)}${again}`];
    }
    case 'step-began':
      return [`${event.step} …`];
    case 'progress':
      return [`  ${event.text}`];
    case 'step-ended': {
      const { step, durationMs, failure } = event;
      if (!failure) return [`${step} done in ${seconds(durationMs)}`];
      const { reason, message, details } = failure;
      return [
        `${step} failed after ${seconds(durationMs)}: ${message} (${reason})`,
        ...details.map((line) => `  | ${line}`),
      ];
    }
    case 'step-retried': {
      const { step, failure, attempt, pauseMs } = event;
      return [
        `${step} failed: ${failure.message} (${failure.reason}); try ${attempt + 1} in ${seconds(pauseMs)}`,
        ...failure.details.map((line) => `  | ${line}`),
      ];
    }
    case 'unit-planned':
      return [describePlan(event.work, event.plan)];
    case 'unit-unchanged':
      return [describeUnchanged(event.work)];
    case 'unit-waits':
      return [`${unitKey(event.work)} waits: ${event.gate.message} (${event.gate.reason})`];
    case 'unit-turned':
      return ['rolling back'];
    case 'unit-ended':
      return [`${unitKey(event.work)} ended: ${event.outcome.state}`];
    case 'kept': {
      const { reason, message, details } = event.found;
      return [`kept: ${message} (${reason})`, ...details.map((line) => `  | ${line}`)];
    }
    case 'by-hand':
      return [`${event.by}: ${event.message}`];
    case 'unit-refused':
      return [
        `${event.unit} refused: ${event.message} (${event.reason})`,
        ...event.details.map((line) => `  | ${line}`),
      ];
    case 'record-written':
      return [`recorded: ${event.description}`];
    case 'drifted':
      return event.plans.flatMap(({ name, changes }) => [
        `${name} is not what was deployed:`,
        ...changes.slice(0, mostChanges).map(({ action, resource }) => `  ${action} ${resource}`),
      ]);
    case 'healed':
      return [`${event.environment} is what was deployed again`];
    case 'heal-failed':
      return [`drift could not be mended: ${event.message}; again in ${seconds(event.pauseMs)}`];
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
