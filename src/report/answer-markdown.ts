import { codeSpan, fitComment, plainText, prose } from './escape.ts';
import { hostsMarkdown } from './hosts-markdown.ts';
import { releasesMarkdown, type ReleaseJson } from './releases.ts';
import type { EnvironmentJson } from './status-json.ts';
import { fillTemplate, inlineValue } from './template.ts';
import { shortSha, switchWords } from './words.ts';

/** Why a command was not carried out, and what to do. */
export interface Refusal {
  /** What was typed. */
  readonly words: string;
  readonly message: string;
  readonly hint: string | null;
}

const marker = '<!-- sallyport answer -->';

/** Said where the same command came a second time. */
export function repeatedComment(words: string, deployment: number): string {
  return `${marker}\n\n${codeSpan(words)} was taken before, as deployment ${deployment}.`;
}

/** Said while the answer is being found; the same comment then becomes the answer. */
export function workingComment(words: string): string {
  return `${marker}\n\n${codeSpan(words)}: looking …`;
}

/** Laid out as `template` says, where there is one. */
export function refusalComment(
  { words, message, hint }: Refusal,
  template: string | null = null,
): string {
  if (template) {
    const inline = {
      words: inlineValue(words),
      message: inlineValue(message),
      hint: inlineValue(hint ?? ''),
    };
    return fitComment(`${marker}\n\n${fillTemplate(template, { inline, block: {} })}`);
  }
  const lines = [marker, `### 🚫 ${codeSpan(words)} was refused`, sentence(message)];
  return fitComment([...lines, ...(hint ? [`**Next:** ${prose(hint)}`] : [])].join('\n\n'));
}

/** What a command did, and what comes next. */
export interface Done {
  /** What was typed. */
  readonly words: string;
  readonly message: string;
  readonly next: string | null;
}

export function doneComment({ words, message, next }: Done): string {
  const lines = [marker, `### ✅ ${codeSpan(words)}`, sentence(message)];
  return fitComment([...lines, ...(next ? [`**Next:** ${prose(next)}`] : [])].join('\n\n'));
}

export interface Misreading {
  readonly line: number;
  /** With the command that was probably meant, where there is one. */
  readonly message: string;
}

/** The answer to lines that look like commands and are none. */
export function misreadComment(misreadings: readonly Misreading[]): string {
  const rows = misreadings.map(({ line, message }) => `- Line ${line}: ${sentence(message)}`);
  return fitComment([marker, ...rows, '', 'Type `/help` for every command.'].join('\n'));
}

export interface HelpRow {
  readonly usage: string;
  readonly summary: string;
}

export function helpComment(rows: readonly HelpRow[], environments: readonly string[]): string {
  const table = rows.map(({ usage, summary }) => `| ${codeSpan(usage)} | ${plainText(summary)} |`);
  const known = environments.length === 0 ? 'none' : environments.map(codeSpan).join(', ');
  return fitComment(
    [
      marker,
      'One command a line, at the start of the line.',
      '',
      '| type | it does |',
      '|---|---|',
      ...table,
      '',
      `Environments: ${known}`,
    ].join('\n'),
  );
}

export function statusComment(
  environments: readonly EnvironmentJson[],
  releases: readonly ReleaseJson[] = [],
): string {
  const rows = environments.map(
    ({ name, health, sync, commit, since, hosts }) =>
      `| ${codeSpan(name)} | ${health} | ${sync} | ${commit ? `\`${shortSha(commit)}\`` : '–'} | ${since ?? '–'} | ${hostsCell(hosts)} |`,
  );
  return fitComment(
    [
      marker,
      '| environment | health | sync | commit | since | hosts |',
      '|---|---|---|---|---|---|',
      ...rows,
      ...environments.flatMap(hostsMarkdown),
      '',
      ...environments.flatMap(wordsOnStaged),
      ...environments.flatMap(wordsOnHold),
      ...(releases.length === 0 ? [] : ['', releasesMarkdown(releases)]),
    ].join('\n'),
  );
}

/** Several have a table of their own. */
function hostsCell([host, ...others]: EnvironmentJson['hosts']): string {
  if (host === undefined) return '';
  return others.length > 0
    ? String(others.length + 1)
    : `${codeSpan(host.name)} ${plainText(host.state)}`;
}

/** What waits for a person who moves the traffic, and what they type. */
function wordsOnStaged({ name, staged }: EnvironmentJson): readonly string[] {
  return staged.map(({ commit, targets, since }) => {
    const what = `\`${shortSha(commit)}\` staged for ${targets.map(codeSpan).join(', ')}`;
    return `- ${codeSpan(name)} has ${what} since ${codeSpan(since)}: \`/${switchWords(name, targets)}\` moves the traffic`;
  });
}

/** Who keeps an environment, why and until when. */
function wordsOnHold({ name, lock, pause }: EnvironmentJson): readonly string[] {
  const said = [
    ['locked', lock],
    ['paused', pause],
  ] as const;
  return said.flatMap(([what, word]) => {
    if (!word) return [];
    const end = word.until === null ? '' : ` until ${codeSpan(word.until)}`;
    const why = word.reason === '' ? '' : `: ${prose(word.reason)}`;
    const by = `by ${codeSpan(word.by)} since ${codeSpan(word.since)}`;
    return [`- ${codeSpan(name)} is ${what} ${by}${end}${why}`];
  });
}

/** Prose with a full stop. What it begins with may be a name, which keeps its letters. */
function sentence(text: string): string {
  return prose(/[.!?…]$/u.test(text) ? text : `${text}.`);
}
