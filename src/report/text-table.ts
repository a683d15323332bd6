import { withoutTricks } from './escape.ts';

/**
 * Rows as columns for a terminal, the last column cut so that no line is wider than
 * `width` characters. Rows have as many cells as the heading.
 */
export function textTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  width = 80,
): string {
  const clean = [heading, ...rows].map((row) => row.map((cell) => oneLine(cell)));
  const widths = heading.map((_, column) =>
    Math.max(...clean.map((row) => (row[column] ?? '').length)),
  );
  return clean
    .map((row) =>
      cut(
        row
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join('  ')
          .trimEnd(),
        width,
      ),
    )
    .join('\n');
}

function oneLine(cell: string): string {
  return withoutTricks(cell).replace(/[\n\t]+/gu, ' ');
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
