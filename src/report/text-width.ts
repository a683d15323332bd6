/** Signs that a terminal shows in two columns: East Asian ones and emoji. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1F000}-\u{1FAFF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;

/** The columns that a line takes in a terminal, never too few. */
export function textWidth(line: string): number {
  let columns = 0;
  for (const sign of line) columns += columnsOf(sign);
  return columns;
}

/** The line, cut with `…` where it is wider. */
export function fitLine(line: string, width: number): string {
  if (textWidth(line) <= width) return line;
  let kept = '';
  let columns = 0;
  for (const sign of line) {
    columns += columnsOf(sign);
    if (columns > width - 1) break;
    kept += sign;
  }
  return width < 1 ? '' : `${kept}…`;
}

/** A text over as many lines as it needs; a longer word is cut. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && textWidth(`${line} ${word}`) <= width) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(fitLine(word, width));
  }
  return lines;
}

/** Items after `indent`, with commas, over as many lines as they need; a longer item is cut. */
export function wrapItems(items: readonly string[], indent: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [index, item] of items.entries()) {
    const text = index === items.length - 1 ? item : `${item},`;
    const longer = line === '' ? `${indent}${text}` : `${line} ${text}`;
    if (line === '' || textWidth(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = `${indent}${text}`;
    }
  }
  return [...lines, ...(line === '' ? [] : [line])].map((one) => fitLine(one, width));
}

function columnsOf(sign: string): number {
  if (/^\p{Mn}|\p{Me}$/u.test(sign)) return 0;
  return wide.test(sign) ? 2 : 1;
}
