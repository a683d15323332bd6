import type { Logger } from 'probot';
import type { Log } from '../ports/log.ts';

/**
 * Our log in the shape that Probot and Octokit call: `(facts, message)` or `(message)`.
 * What they say below a warning is dropped; request bodies stay out of the log.
 */
export function probotLog(log: Log): Logger {
  const say = (level: 'warn' | 'error') => (first: unknown, second?: unknown) =>
    log[level](textOf(second ?? first));
  const drop = () => {};
  const logger = {
    level: 'warn',
    silent: drop,
    trace: drop,
    debug: drop,
    info: drop,
    warn: say('warn'),
    error: say('error'),
    fatal: say('error'),
    child: () => logger,
  };
  // Probot's type is the whole of pino's; these are the members that it calls.
  return logger as unknown as Logger;
}

function textOf(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === 'string' ? value : 'something failed in Probot';
}
