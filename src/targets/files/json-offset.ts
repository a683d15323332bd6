const token =
  /[\s\uFEFF]*(?:([[\]{},:])|("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)))/y;

/** What may come next, and what each of it leads to. Inside of a list or an object, `next` or its end. */
const after = {
  value: { value: 'next', string: 'next', '[': 'first', '{': 'firstKey' },
  first: { value: 'next', string: 'next', '[': 'first', '{': 'firstKey', ']': 'next' },
  firstKey: { string: 'colon', '}': 'next' },
  key: { string: 'colon' },
  colon: { ':': 'value' },
  next: { ',': 'more', ']': 'next', '}': 'next' },
} as const;

type State = keyof typeof after;

/** Where a text stops being JSON: V8 tells that of some texts only. */
export function jsonErrorOffset(text: string): number {
  const open: string[] = [];
  let state: State = 'value';
  token.lastIndex = 0;
  for (;;) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) return startOf(text, at);
    const [, mark, string] = match;
    const found = mark ?? (string === undefined ? 'value' : 'string');
    const next: State | 'more' | undefined = (
      after[state] as Readonly<Record<string, State | 'more'>>
    )[found];
    const isClosing = mark === ']' || mark === '}';
    if (next === undefined || (isClosing && open.pop() !== mark)) return startOf(text, at);
    if (mark === '[' || mark === '{') open.push(mark === '[' ? ']' : '}');
    if (next === 'more' && open.length === 0) return startOf(text, at);
    state = next === 'more' ? (open.at(-1) === '}' ? 'key' : 'value') : next;
  }
}

/** What is wrong begins after the white space. */
function startOf(text: string, at: number): number {
  const rest = /[^\s\uFEFF]/.exec(text.slice(at, at + 10_000));
  return at + (rest?.index ?? 0);
}
