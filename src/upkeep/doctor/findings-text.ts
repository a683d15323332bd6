import type { Found } from './examine.ts';

type Paint = (text: string) => string;

export interface FindingColours {
  readonly green: Paint;
  readonly yellow: Paint;
  readonly red: Paint;
  readonly dim: Paint;
}

const indent = '      ';

/** Findings for a terminal: what is wrong, wrapped, and below it what mends it, whole, to be copied. */
export function findingsText(
  found: readonly Found[],
  { width, colours }: { readonly width: number; readonly colours: FindingColours },
): string {
  const marks = {
    ok: colours.green('ok  '),
    warn: colours.yellow('warn'),
    fail: colours.red('FAIL'),
  };
  const lines = found.flatMap(({ state, message, hint }) => [
    ...wrap(message, width - indent.length).map((line, at) =>
      at === 0 ? `${marks[state]}  ${line}` : `${indent}${line}`,
    ),
    ...(hint === undefined
      ? []
      : wrap(`→ ${hint}`, width - indent.length).map((line) => colours.dim(`${indent}${line}`))),
  ]);
  return `${[...lines, '', summaryOf(found)].join('\n')}\n`;
}

function summaryOf(found: readonly Found[]): string {
  const count = (state: Found['state']): number =>
    found.filter((each) => each.state === state).length;
  const [fails, warns] = [count('fail'), count('warn')];
  if (fails === 0 && warns === 0) return 'All is well.';
  const words = [counted(fails, 'failure'), counted(warns, 'warning')].filter(
    (each) => each !== '',
  );
  return `${words.join(', ')}.`;
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** A longer word, such as a path, stays whole: it is there to be copied. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.replaceAll(/[\r\n]+/g, ' ').split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
