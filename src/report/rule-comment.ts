import { prose } from './escape.ts';

/** GitHub takes so many characters. */
const maxComment = 1_024;

/** What people read beside a workflow's job that asks to deploy. */
export interface RuleWords {
  readonly message: string;
  readonly hint: string | null;
  /** When it opens by itself, in ms since 1970; `null` where nobody knows. */
  readonly opensAt: number | null;
}

/** Markdown; of the same facts always the same words. */
export function ruleComment({ message, hint, opensAt }: RuleWords): string {
  const at = opensAt === null ? '' : ` It opens at ${new Date(opensAt).toISOString()}.`;
  const text = `${prose(message)}.${at}${hint === null ? '' : ` ${prose(hint)}`}`;
  return text.length <= maxComment ? text : `${text.slice(0, maxComment - 1)}…`;
}
