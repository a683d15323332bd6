import { spawn, type ChildProcess, type SendHandle } from 'node:child_process';
import { once } from 'node:events';
import { FromHeir, type ToHeir } from './hand-over-messages.ts';
import type { Follow } from './follow.ts';
import type { ListeningHandle } from './listener.ts';

/** So long a successor may take for each of its words, in ms: on a busy host, a Node takes its time to start. */
const patienceMs = 15_000;

type Word = Exclude<FromHeir, { kind: 'tell' }>['kind'];

/** The process that shall serve instead of this one. */
export class Heir {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #words = new Map<string, () => void>();
  readonly #said = new Set<string>();
  readonly #broken = Promise.withResolvers<never>();
  /** What it asks of this process once it serves. */
  onTell: (asked: Follow) => Promise<unknown> = () => Promise.resolve(null);

  /** Starts it: apart, with the same output, and the same environment. */
  constructor(node: string, words: readonly string[], stop: AbortSignal) {
    this.#child = spawn(node, words, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    this.#broken.promise.catch(() => {});
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', resolve).once('error', resolve);
    });
    const fail = (message: string) => this.#broken.reject(new Error(message));
    this.#child.once('error', (error) => fail(error.message));
    this.#child.once('exit', (code, signal) => fail(`it ended with ${signal ?? code}`));
    this.#child.once('disconnect', () => fail('it does not listen any more'));
    stop.addEventListener('abort', () => fail('this process was told to end'), { once: true });
    this.#child.on('message', (message) => this.#hear(message));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when it has said so. Rejects where it says something else, ends, or says nothing. */
  async says(word: Word): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      if (this.#said.has(word)) resolve();
      else this.#words.set(word, resolve);
    });
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<never>((_, reject) => {
      const message = `it was not ${word} within ${patienceMs / 1000} s`;
      timer = setTimeout(() => reject(new Error(message)), patienceMs);
    });
    await Promise.race([heard, this.#broken.promise, silent]).finally(() => clearTimeout(timer));
  }

  async send(message: ToHeir, handle?: ListeningHandle): Promise<void> {
    const sent = new Promise<void>((resolve, reject) => {
      this.#child.send(message, handle as SendHandle | undefined, {}, (error) =>
        error ? reject(error) : resolve(),
      );
    });
    // A child that dies with a socket on its way never says that it has it.
    await Promise.race([sent, this.#broken.promise]);
  }

  /** Lets it live on by itself. */
  release(): void {
    this.#child.unref();
  }

  /** Resolves when it is certain that it does nothing any more. */
  async end(): Promise<void> {
    if (this.#child.pid !== undefined) this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Resolves when it has gone, or wants to hear nothing more. */
  async gone(): Promise<void> {
    if (this.#child.connected) await once(this.#child, 'disconnect');
  }

  #hear(message: unknown): void {
    const parsed = FromHeir.safeParse(message);
    if (!parsed.success) return;
    const { data } = parsed;
    if (data.kind === 'failed') this.#broken.reject(new Error(data.message));
    else if (data.kind === 'tell') void this.#answer(data.id, data.asked);
    else {
      this.#said.add(data.kind);
      this.#words.get(data.kind)?.();
    }
  }

  async #answer(id: number, asked: Follow): Promise<void> {
    const value = await this.onTell(asked).catch(() => null);
    await this.send({ kind: 'told', id, value }).catch(() => {});
  }
}
