import { asSallyportError, type SallyportError } from '../../../model/errors.ts';
import type { ProxyProblem } from '../../../ports/proxy.ts';
import type { HandOverRequest } from './control-messages.ts';
import type { Follow } from './follow.ts';
import { handOver, type Estate } from './hand-over.ts';
import type { Heir } from './heir.ts';
import { say } from './say.ts';

/** Who serves after this process, if anybody: one attempt at a time, and one that succeeds at the most. */
export class Succession {
  readonly #estate: Estate;
  readonly #done = Promise.withResolvers<Heir>();
  readonly #ended = new AbortController();
  #underWay: Promise<void> | null = null;
  #fault: SallyportError | null = null;

  constructor(estate: Omit<Estate, 'follow'>) {
    this.#estate = { ...estate, follow: (asked) => this.#follow(asked) };
  }

  /** Resolves with the one that serves instead. */
  get done(): Promise<Heir> {
    return this.#done.promise;
  }

  /** Aborted when the one that serves now was told to end: then nobody serves. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  get problems(): readonly ProxyProblem[] {
    if (!this.#fault) return [];
    return [{ message: this.#fault.message, hint: this.#fault.hint ?? '' }];
  }

  /** Who asks while somebody else has asked gets the same answer. */
  async begin(asked: HandOverRequest): Promise<void> {
    this.#underWay ??= this.#try(asked).finally(() => (this.#underWay = null));
    await this.#underWay;
  }

  async #try(asked: HandOverRequest): Promise<void> {
    try {
      const heir = await handOver(asked, this.#estate);
      say({ level: 'info', message: 'handed over', pid: heir.pid });
      this.#done.resolve(heir);
    } catch (error) {
      this.#fault = asSallyportError(error);
      say({ level: 'error', message: this.#fault.message });
      throw error;
    }
  }

  async #follow(asked: Follow): Promise<unknown> {
    const value = await this.#estate.routes.follow(asked);
    if (asked.op === 'end') this.#ended.abort();
    return value;
  }
}
