/** A text as lines of at most so many columns, broken at spaces; a longer word has a line of its own. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line: string | null = null;
  // Spaces in a row are kept within a line: people align words with them.
  for (const word of text.split(/(?<! ) /)) {
    const longer: string = line === null ? word : `${line} ${word}`;
    if (line === null || longer.length <= columns) line = longer;
    else {
      lines.push(line);
      line = word.trimStart();
    }
  }
  return [...lines, line ?? ''];
}
