import { plainText, withoutTricks } from './escape.ts';
import { durationInWords } from './words.ts';

/** Something that a host or a person said of a deployment, in the order of the ledger. */
export interface ReportedStep {
  /** Ms since 1970, by the ledger's clock. */
  readonly at: number;
  /** What happened, when nothing was said with it: `web-1 applying`. */
  readonly what: string;
  /** What was said with it; '' where nothing was. */
  readonly words: string;
}

/** Of one step, in characters; a longer one is cut. */
const maxWords = 200;

/** The last `most` steps as a list, each with its time since the start. */
export function stepList(steps: readonly ReportedStep[], start: number, most: number): string {
  const shown = most === 0 ? [] : steps.slice(-most);
  const left = steps.length - shown.length;
  const lines = shown.map((step) => `- ${timeOf(step, start)}: ${plainText(wordsOf(step))}`);
  return [...(left === 0 ? [] : [`- … ${left} earlier`]), ...lines].join('\n');
}

/** All steps as lines of a log, with the time of day in UTC. */
export function stepLines(steps: readonly ReportedStep[]): readonly string[] {
  return steps.map((step) => `${new Date(step.at).toISOString().slice(0, 19)}Z ${wordsOf(step)}`);
}

function timeOf({ at }: ReportedStep, start: number): string {
  return `\`${durationInWords(at - start)}\``;
}

function wordsOf({ what, words }: ReportedStep): string {
  const text = withoutTricks(words || what)
    .replace(/\s+/gu, ' ')
    .trim();
  return text.length <= maxWords ? text : `${text.slice(0, maxWords - 1)}…`;
}
