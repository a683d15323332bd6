import type { Work } from '../../deploy/journal-entries.ts';
import { isLocal } from './local-number.ts';

/** People acted on this host themselves; no job of GitHub begins here until they give it back. */
export interface Hold {
  readonly by: string;
  /** This machine's clock, in ms since 1970. */
  readonly since: number;
  /** The work with which it began to change targets. */
  readonly work: Work;
}

/** What happened on the host and GitHub is to be told of. */
export type HandsWord =
  | { readonly state: 'held'; readonly hold: Hold }
  | { readonly state: 'released'; readonly by: string };

/** Folded from the journal: who holds this host in which environment, and what of it is still to be told. */
export class Holds {
  readonly #now = new Map<string, Hold | null>();
  readonly #untold = new Map<string, readonly HandsWord[]>();

  /** `null` where nobody does; `undefined` where the journal knows nothing of it. */
  of(environment: string): Hold | null | undefined {
    return this.#now.get(environment);
  }

  /** Oldest first. */
  untold(environment: string): readonly HandsWord[] {
    return this.#untold.get(environment) ?? [];
  }

  /** A unit began: the first one of each local deployment holds the host. */
  begin(work: Work, at: number): void {
    const { deployment, job, heal } = work;
    if (heal || !isLocal(deployment)) return;
    const { environment } = job;
    if (this.#now.get(environment)?.work.deployment === deployment) return;
    const hold = { by: operatorOf(work), since: at, work };
    this.#now.set(environment, hold);
    this.#untold.set(environment, [...this.untold(environment), { state: 'held', hold }]);
  }

  release(environment: string, by: string): void {
    this.#now.set(environment, null);
    this.#untold.set(environment, [...this.untold(environment), { state: 'released', by }]);
  }

  /** The oldest word is on its way. */
  tell(environment: string): void {
    this.#untold.set(environment, this.untold(environment).slice(1));
  }
}

/** Who acted: of an approved deployment whoever approved it, not who asked for it in GitHub. */
function operatorOf({ job }: Work): string {
  return job.params['by'] ?? job.actor.login;
}
