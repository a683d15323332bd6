import { wrap } from './wrap.ts';

/** Tells people what happens, as it happens. */
export interface Narrator {
  /** A new part of the story. */
  part(title: string): void;
  /** Somebody types something in GitHub. */
  types(login: string, text: string): void;
  /** A step of the agent ended. */
  step(name: string, durationMs: number, failure: string | null): void;
  /** Something is so, and was checked. */
  fact(text: string): void;
  /** Something is worth knowing. */
  note(text: string): void;
  /** Lines as they are: a config, a program's output. */
  quote(lines: readonly string[]): void;
}

/** How a narrator marks its lines; the identity where there are no colours. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const columns = 80;

/**
 * A narrator that writes lines of at most 80 columns; only a word that is longer, such as an
 * address, and a quoted line stay whole. What others wrote cannot move the cursor.
 */
export function narrate(write: (text: string) => void, paint: Paint): Narrator {
  const plain = (text: string): string => text;
  /** A first line that begins with a mark of this many columns, and the others below its text. */
  const say = (mark: string, width: number, text: string, colour = plain): void => {
    const lines = wrap(printable(text), columns - width);
    lines.forEach((line, at) => write(`${at === 0 ? mark : ' '.repeat(width)}${colour(line)}\n`));
  };
  return {
    part: (title) => write(`\n${paint.bold(printable(title))}\n`),
    types: (login, text) => say(`  ${paint.cyan(`@${login}`)} `, login.length + 4, text),
    step: (name, durationMs, failure) => {
      const mark = failure === null ? paint.green('✓') : paint.red('✗');
      write(`  ${mark} ${name.padEnd(22)} ${paint.dim(seconds(durationMs))}\n`);
      if (failure !== null) say('    ', 4, failure, paint.red);
    },
    fact: (text) => say(`  ${paint.green('✓')} `, 4, text),
    note: (text) => say('  ', 2, text, paint.dim),
    quote: (lines) =>
      write(lines.map((line) => `    ${paint.dim('│')} ${printable(line)}\n`).join('')),
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(5)} s`;
}

function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
