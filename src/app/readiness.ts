import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { asSallyportError } from '../model/errors.ts';

/** What has to hold before the App can do its work; each rejects where it does not. */
export interface ReadinessChecks {
  readonly store: () => Promise<void>;
  /** Whether GitHub takes the App's own token. */
  readonly github: () => Promise<void>;
}

/** Whoever asks, and how often: GitHub is asked at most once in this time. */
const keptMs = 30_000;

/** Answers `/readyz`: what stands in the way, in words for an operator; `null` where nothing does. */
export function readinessOf(
  checks: ReadinessChecks,
  clock: Clock,
  log: Log,
): () => Promise<string | null> {
  let github: { readonly at: number; readonly works: Promise<boolean> } | null = null;
  const holds = (check: () => Promise<void>, what: string): Promise<boolean> =>
    check().then(
      () => true,
      (error: unknown) => {
        log.warn(`not ready: ${what}`, { error: asSallyportError(error).message });
        return false;
      },
    );
  return async () => {
    if (!github || clock.now() - github.at > keptMs) {
      github = { at: clock.now(), works: holds(checks.github, githubTrouble) };
    }
    const [store, token] = await Promise.all([holds(checks.store, storeTrouble), github.works]);
    if (!store) return storeTrouble;
    return token ? null : githubTrouble;
  };
}

const storeTrouble = 'the store cannot be reached';
const githubTrouble = "GitHub cannot be reached, or does not take the App's token";
