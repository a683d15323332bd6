/** One line of a unit: a setting and its value, or a comment that stands above the next. */
export type UnitLine = readonly [name: string, value: string] | string;

export interface UnitSection {
  readonly name: 'Unit' | 'Service' | 'Install';
  readonly lines: readonly UnitLine[];
}

/** The text of a unit file. Values are as systemd reads them: `quoteWord` and `quotePath` make them so. */
export function unitText(heading: string, sections: readonly UnitSection[]): string {
  const parts = sections.map(({ name, lines }) => [`[${name}]`, ...lines.map(lineOf)].join('\n'));
  return `${[`# ${heading}`, ...parts].join('\n\n')}\n`;
}

/** A word of a command line: `$`, `%`, quotes and spaces stay what they are. */
export function quoteWord(word: string): string {
  return /[^\w/.:=,@+-]/.test(word) ? `"${escaped(word).replaceAll('$', '$$$$')}"` : word;
}

/** A path in a list of paths, where `$` means nothing. */
export function quotePath(path: string): string {
  return /[^\w/.:=,@+-]/.test(path) ? `"${escaped(path)}"` : path;
}

function lineOf(line: UnitLine): string {
  return typeof line === 'string' ? `# ${line}` : `${line[0]}=${line[1]}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%');
}
