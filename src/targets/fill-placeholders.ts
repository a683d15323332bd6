/** What stands for `{name}` in the words of a program, by name. */
export type PlaceholderValues = Readonly<Record<string, string>>;

/** Replaces placeholders; other braces are text. A value is never looked at again. */
export function fillPlaceholders(word: string, values: PlaceholderValues): string {
  return word.replace(/\{([a-z_]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name]! : whole,
  );
}

/** The same in every word of a program. */
export function fillCommand(
  [program, ...rest]: readonly [string, ...string[]],
  values: PlaceholderValues,
): readonly [string, ...string[]] {
  const fill = (word: string): string => fillPlaceholders(word, values);
  return [fill(program), ...rest.map(fill)];
}
