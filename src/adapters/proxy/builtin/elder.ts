import type { Follow, Predecessor } from './follow.ts';
import { ToHeir, type FromHeir } from './hand-over-messages.ts';
import type { ListeningHandle } from './listener.ts';

/** So long it may take to follow, beside what it was asked to wait, in ms. */
const patienceMs = 2_000;

/** What a process gives to its successor. */
export interface Inheritance {
  /** Open sockets, by route. */
  readonly doors: ReadonlyMap<string, ListeningHandle>;
  /** Slots that were seen to answer, by route. */
  readonly proven: Readonly<Record<string, readonly string[]>>;
}

/** The process that has served until now and started this one, at the other end of a channel. */
export class Elder implements Predecessor {
  readonly #doors = new Map<string, ListeningHandle>();
  readonly #taken = Promise.withResolvers<Inheritance>();
  readonly #go = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<null>();
  readonly #asked = new Map<number, (value: unknown) => void>();
  #isGone = false;
  #questions = 0;

  constructor() {
    process.on('message', (message, handle) => this.#hear(message, handle));
    const end = () => {
      this.#isGone = true;
      this.#gone.resolve(null);
    };
    process.once('disconnect', end);
    if (!process.connected) end();
  }

  /** Says that this one is loaded, and resolves with what it gets: sockets at least, where the other one is gone. */
  async takes(): Promise<Inheritance> {
    this.say({ kind: 'up' });
    const inheritance = await Promise.race([this.#taken.promise, this.#gone.promise]);
    return inheritance ?? { doors: this.#doors, proven: {} };
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Says that this one could serve, and resolves when it shall; with `false` where the other one is gone. */
  async lets(): Promise<boolean> {
    this.say({ kind: 'ready' });
    return await Promise.race([
      this.#go.promise.then(() => true),
      this.#gone.promise.then(() => false),
    ]);
  }

  say(word: FromHeir): void {
    if (process.connected) process.send?.(word, undefined, {}, () => {});
  }

  /** Resolves when it has ended. */
  async gone(): Promise<void> {
    await this.#gone.promise;
  }

  async tell(asked: Follow): Promise<unknown> {
    if (this.#isGone) return null;
    const id = (this.#questions += 1);
    const answered = new Promise<unknown>((resolve) => this.#asked.set(id, resolve));
    this.say({ kind: 'tell', id, asked });
    const withinMs = patienceMs + (asked.op === 'drain' ? asked.timeoutMs : 0);
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), Math.min(withinMs, 2 ** 31 - 1));
    });
    const value = await Promise.race([answered, this.#gone.promise, silent]);
    clearTimeout(timer);
    this.#asked.delete(id);
    return value;
  }

  #hear(message: unknown, handle: unknown): void {
    const parsed = ToHeir.safeParse(message);
    if (!parsed.success) return;
    const { data } = parsed;
    if (data.kind === 'door') {
      if (typeof handle === 'object' && handle !== null) this.#doors.set(data.name, handle);
    } else if (data.kind === 'take') {
      this.#taken.resolve({ doors: this.#doors, proven: data.proven });
    } else if (data.kind === 'go') this.#go.resolve();
    else this.#asked.get(data.id)?.(data.value);
  }
}
