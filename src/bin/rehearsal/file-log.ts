import { createWriteStream } from 'node:fs';
import { systemClock } from '../../adapters/clock/system.ts';
import { createLog } from '../../adapters/log/create-log.ts';
import type { Log } from '../../ports/log.ts';

/** The log of a rehearsal goes to a file, so that the story can be read. */
export interface FileLog {
  /** For one part of the system. */
  named(part: string): Log;
  close(): Promise<void>;
}

export function fileLog(path: string): FileLog {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  const log = createLog({ stream, clock: systemClock, prose: false });
  return {
    named: (part) => ({
      info: (message, facts) => log.info(message, { part, ...facts }),
      warn: (message, facts) => log.warn(message, { part, ...facts }),
      error: (message, facts) => log.error(message, { part, ...facts }),
    }),
    close: () => new Promise((done) => stream.end(() => done())),
  };
}
