/** Replaces `{name}` by its value; what has no value stays as it is. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}

export function fillArgv(
  [program, ...rest]: readonly [string, ...string[]],
  values: Readonly<Record<string, string>>,
): [string, ...string[]] {
  return [fill(program, values), ...rest.map((word) => fill(word, values))];
}
