import { codeSpan, plainText } from './escape.ts';
import { textTable } from './text-table.ts';
import { shortSha } from './words.ts';

/** A tag that looks like a release. */
export interface ReleaseJson {
  readonly name: string;
  readonly commit: string;
  readonly author: string;
  /** What checks say of the commit, build and test among them; `unknown` where nobody was asked. */
  readonly checks: 'succeeded' | 'pending' | 'failed' | 'none' | 'unknown';
  /** The environments in which it is what completed newest. */
  readonly live: readonly string[];
}

export interface ReleasesJson {
  readonly schema: 1;
  readonly ok: true;
  /** The newest version first. */
  readonly releases: readonly ReleaseJson[];
}

/** `sallyport releases` for a terminal. */
export function releasesText({ releases }: ReleasesJson, width: number): string {
  if (releases.length === 0) return 'No tag looks like a release: v1.2.0, 1.2.0, 26.03.09.1 …';
  const rows = releases.map(({ name, commit, author, checks, live }) => [
    name,
    shortSha(commit),
    checks,
    live.join(', ') || '–',
    author,
  ]);
  return textTable(['release', 'commit', 'checks', 'live in', 'author'], rows, width);
}

/** Below the table of `/status`; '' where there is none. */
export function releasesMarkdown(releases: readonly ReleaseJson[]): string {
  if (releases.length === 0) return '';
  const rows = releases.map(
    ({ name, commit, author, checks, live }) =>
      `| ${codeSpan(name)} | \`${shortSha(commit)}\` | ${checks} | ${live.map(codeSpan).join(', ') || '–'} | ${plainText(author)} |`,
  );
  return [
    '| release | commit | checks | live in | author |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
