import type { Verb } from './verb.ts';

/** What may follow the words typed so far: words and options, with a line about each. */
interface Candidate {
  readonly after: string;
  readonly word: string;
  readonly summary: string;
}

export function bashCompletion(verbs: readonly Verb[]): string {
  const cases = [...byPlace(verbs)].map(
    ([after, words]) => `    ${quote(after)}) words=${quote(words.map(wordOf).join(' '))} ;;\n`,
  );
  return `_sallyport() {
  local words='' typed="\${COMP_WORDS[*]:1:COMP_CWORD-1}"
  case "$typed" in
${cases.join('')}  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _sallyport sallyport
`;
}

export function zshCompletion(verbs: readonly Verb[]): string {
  const cases = [...byPlace(verbs)].map(([after, words]) => {
    const described = words.map(({ word, summary }) => quote(`${word}:${summary}`));
    return `    ${quote(after)}) found=(${described.join(' ')}) ;;\n`;
  });
  return `#compdef sallyport
_sallyport() {
  local -a found
  case "\${(j: :)words[2,CURRENT-1]}" in
${cases.join('')}  esac
  if (( \${#found} )); then _describe 'sallyport' found; fi
  _files
}
compdef _sallyport sallyport
`;
}

export function fishCompletion(verbs: readonly Verb[]): string {
  const lines = candidatesOf(verbs).map(({ after, word, summary }) => {
    const here = `test (string join ' ' (commandline -opc)[2..]) = ${quote(after)}`;
    return `complete -c sallyport -n ${quote(here)} -a ${quote(word)} -d ${quote(summary)}\n`;
  });
  return lines.join('');
}

function byPlace(verbs: readonly Verb[]): ReadonlyMap<string, readonly Candidate[]> {
  return Map.groupBy(candidatesOf(verbs), ({ after }) => after);
}

function candidatesOf(verbs: readonly Verb[]): readonly Candidate[] {
  const known = verbs.flatMap((verb) => [...optionsOf(verb), lastWordOf(verb)]);
  const all = [...verbs.flatMap(groupsOf), ...known];
  return [...new Map(all.map((one) => [`${one.after} ${one.word}`, one])).values()];
}

/** `keygen` after `agent`. */
function lastWordOf({ name, summary }: Verb): Candidate {
  const path = name.split(' ');
  return { after: path.slice(0, -1).join(' '), word: path.at(-1)!, summary };
}

/** `agent` after nothing; where it is a verb too, that one's summary stands. */
function groupsOf({ name }: Verb): readonly Candidate[] {
  const path = name.split(' ').slice(0, -1);
  return path.map((word, depth) => ({
    after: path.slice(0, depth).join(' '),
    word,
    summary: `${word} …`,
  }));
}

function optionsOf({ name, options }: Verb): readonly Candidate[] {
  const own = options.map(({ flags, summary }) => ({
    after: name,
    word: flags.split(/[ ,]/).find((flag) => flag.startsWith('--')) ?? flags,
    summary,
  }));
  return [
    ...own,
    { after: name, word: '--json', summary: 'print one JSON document' },
    { after: name, word: '--help', summary: 'show this help' },
  ];
}

function wordOf({ word }: Candidate): string {
  return word;
}

/** One word for any of the three shells; no text of ours has a single quote that must stay. */
function quote(text: string): string {
  return `'${text.replaceAll("'", '’')}'`;
}
