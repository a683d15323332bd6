export interface HealthRule {
  /** Good probes in a row that make it healthy. */
  readonly rise: number;
  /** Bad probes in a row that make it unhealthy. */
  readonly fall: number;
}

export interface HealthWindow {
  readonly verdict: 'progressing' | 'healthy' | 'unhealthy';
  readonly good: number;
  readonly bad: number;
  /** A program that is still starting may fail as often as it likes, until its first good probe. */
  readonly starting: boolean;
}

export function newWindow(starting: boolean): HealthWindow {
  return { verdict: 'progressing', good: 0, bad: 0, starting };
}

/** The window after one more probe. */
export function observe(window: HealthWindow, isGood: boolean, rule: HealthRule): HealthWindow {
  const good = isGood ? window.good + 1 : 0;
  const bad = isGood || window.starting ? 0 : window.bad + 1;
  const starting = window.starting && !isGood;
  return { verdict: verdictOf(good, bad, rule, window), good, bad, starting };
}

function verdictOf(good: number, bad: number, rule: HealthRule, before: HealthWindow) {
  if (good >= rule.rise) return 'healthy';
  if (bad >= rule.fall) return 'unhealthy';
  return before.verdict;
}
