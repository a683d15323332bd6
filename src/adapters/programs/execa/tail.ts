const maxLines = 20;
const maxLineLength = 500;

/** The last lines of an output that comes in pieces. */
export class Tail {
  readonly #lines: string[] = [];
  #open = '';

  push(text: string): void {
    const lines = (this.#open + text).split('\n');
    this.#open = lines.pop()!.slice(0, maxLineLength);
    for (const line of lines) this.#add(line);
  }

  lines(): readonly string[] {
    const open = this.#open === '' ? [] : [this.#open];
    return [...this.#lines, ...open].slice(-maxLines);
  }

  #add(line: string): void {
    this.#lines.push(line.trimEnd().slice(0, maxLineLength));
    if (this.#lines.length > maxLines) this.#lines.shift();
  }
}
