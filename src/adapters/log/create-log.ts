import colors from 'picocolors';
import { redact } from '../../model/redact.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log, LogFacts } from '../../ports/log.ts';

/** Where lines go: standard error, or what a test looks at. */
interface LogStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface LogOptions {
  readonly stream: LogStream;
  readonly clock: Clock;
  /** Never written, in whatever form. */
  readonly secrets?: readonly string[];
  /** By default whether the stream is a terminal. */
  readonly prose?: boolean;
}

type Level = 'info' | 'warn' | 'error';

/** A log: prose on a terminal, JSON lines anywhere else (`{"at","level","message",…facts}`). */
export function createLog({ stream, clock, secrets, prose }: LogOptions): Log {
  const hidden = (secrets ?? []).flatMap(writtenForms);
  const clean = (text: string): string => redact(text, hidden);
  const format = (prose ?? stream.isTTY === true) ? asProse : asJson;
  const write = (level: Level, message: string, facts: LogFacts = {}): void => {
    // Before anything is quoted: a secret inside quotes inside quotes looks like something else.
    const line = format(level, new Date(clock.now()), clean(message), cleanFacts(facts, clean));
    stream.write(`${line}\n`);
  };
  return {
    info: (message, facts) => write('info', message, facts),
    warn: (message, facts) => write('warn', message, facts),
    error: (message, facts) => write('error', message, facts),
  };
}

/** A secret as it is, and as it stands in JSON, in a URL, and in an HTTP header. */
function writtenForms(secret: string): string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
  ];
}

function cleanFacts(facts: LogFacts, clean: (text: string) => string): LogFacts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'string' ? clean(value) : value,
    ]),
  );
}

function asJson(level: Level, at: Date, message: string, facts: LogFacts): string {
  // What a line is about comes first; facts cannot take its place.
  return JSON.stringify({ at: at.toISOString(), level, message, ...withoutReserved(facts) });
}

const marks = {
  info: (text: string) => text,
  warn: (text: string) => colors.yellow(text),
  error: (text: string) => colors.red(text),
};

function asProse(level: Level, at: Date, message: string, facts: LogFacts): string {
  const time = colors.dim(at.toISOString().slice(11, 19));
  const shown = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => colors.dim(`${name}=`) + plain(String(value)));
  return [time, marks[level](plain(message)), ...shown].join(' ');
}

/** Nobody's text moves the cursor of our terminal, or begins a line of ours. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

function withoutReserved(facts: LogFacts): LogFacts {
  const { at, level, message, ...rest } = facts;
  const moved = { fact_at: at, fact_level: level, fact_message: message };
  return { ...rest, ...moved };
}
