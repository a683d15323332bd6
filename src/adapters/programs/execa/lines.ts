import { stripVTControlCharacters } from 'node:util';

const maxLineLength = 500;

/** Tells the lines of an output that comes in pieces: without colours, of a length that can be shown. */
export class Lines {
  readonly #tell: (line: string) => void;
  #open = '';

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  push(text: string): void {
    // A progress bar writes over its own line: each of its states is one.
    const lines = (this.#open + text).split(/\r?\n|\r/);
    this.#open = lines.pop()!.slice(0, maxLineLength);
    for (const line of lines) this.#say(line);
  }

  /** The last line needs no end. */
  end(): void {
    this.#say(this.#open);
    this.#open = '';
  }

  #say(line: string): void {
    const shown = stripVTControlCharacters(line).slice(0, maxLineLength).trimEnd();
    if (shown !== '') this.#tell(shown);
  }
}
