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

/** A narrator that writes lines of at most 80 columns, as far as what it tells allows. */
export function narrate(write: (text: string) => void, paint: Paint): Narrator {
  return {
    part: (title) => write(`\n${paint.bold(title)}\n`),
    types: (login, text) => write(`  ${paint.cyan(`@${login}`)} ${text}\n`),
    step: (name, durationMs, failure) => {
      const mark = failure === null ? paint.green('✓') : paint.red('✗');
      write(
        `  ${mark} ${name.padEnd(22)} ${paint.dim(seconds(durationMs))}${failure ? `  ${failure}` : ''}\n`,
      );
    },
    fact: (text) => write(`  ${paint.green('✓')} ${text}\n`),
    note: (text) => write(`  ${paint.dim(text)}\n`),
    quote: (lines) => write(lines.map((line) => `    ${paint.dim('│')} ${line}\n`).join('')),
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(5)} s`;
}
