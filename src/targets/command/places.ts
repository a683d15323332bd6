import type { Applied } from './state-file.ts';

/** What the placeholders for what was applied before stand for. */
export function placesOf(before: Applied | null) {
  return { previous_sha: before?.sha ?? '', previous_release: before?.tree ?? '' };
}

/** Whether a program cannot do without what was applied before. */
export function needsPrevious(run: readonly string[]): boolean {
  return run.some((word) => /\{previous_(?:sha|release)\}/.test(word));
}
