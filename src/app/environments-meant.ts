import type { Policy } from './configuration.ts';
import { rulesOf } from './refuse.ts';

/** The environments that a word means: `all` of the policy, unless one is called so. Rejects where there is none. */
export function environmentsMeant(
  word: string,
  policy: Policy,
  command: string,
): readonly string[] {
  const known = Object.keys(policy.config.environments);
  if (word === 'all' && known.length > 0 && !known.includes(word)) return known;
  rulesOf(word, policy, command);
  return [word];
}
