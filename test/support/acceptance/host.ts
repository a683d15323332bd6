import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/adapters/clock/system.ts';
import { ProcessInit } from '../../../src/adapters/init/process/process-init.ts';
import { openJournal } from '../../../src/adapters/journal/file/open-journal.ts';
import { stopProxy } from '../../../src/adapters/proxy/builtin/stop-proxy.ts';
import type { JournalBody } from '../../../src/deploy/journal-entries.ts';
import { Server, sallyport } from './program.ts';
import { until } from './wait.ts';

const routes = ['production.web', 'staging.web'];

/** A host with its agent, and what the agent started there. */
export class Host {
  readonly agent: Server;
  readonly #state: string;
  readonly #config: string;
  readonly #init: ProcessInit;

  /** `within`: the program, with its words, that runs the agent. */
  constructor(state: string, config: string, within: readonly string[] = []) {
    this.#state = state;
    this.#config = config;
    this.agent = new Server(() => ['agent', 'run', '--json', '--config', config], {}, within);
    this.#init = new ProcessInit(join(state, 'slots'));
  }

  /** Asks the running agent: `status`, `history production`, `logs 7`. */
  ask(...words: readonly string[]) {
    return sallyport([...words, '--config', this.#config]);
  }

  /** The log of a deployment, as far as it is written; empty where it did not begin. */
  log(deployment: number): string {
    const path = join(this.#state, 'logs', `${deployment}.log`);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** Names of the steps that began, in order, again where they began again. */
  stepsBegun(deployment: number): readonly string[] {
    return [...this.log(deployment).matchAll(/^\S+ (\S+) …$/gm)].map(([, step]) => step!);
  }

  /** Resolves the moment that a step begins. */
  async stepBegins(deployment: number, step: string): Promise<void> {
    const facts = () => `${this.log(deployment)}\n${this.agent.output}`;
    const begun = () => this.stepsBegun(deployment).includes(step);
    await until(`${deployment} begins ${step}`, begun, { facts });
  }

  /** Waits until the agent is done with a deployment that went well. */
  async settled(deployment: number): Promise<void> {
    const isSettled = () => this.log(deployment).includes('prune done in');
    await until(`${deployment} is settled`, isSettled, { facts: () => this.log(deployment) });
  }

  /** What the agent wrote down, which must not be running. */
  async journal(): Promise<readonly JournalBody[]> {
    const path = join(this.#state, 'journal', 'agent');
    const journal = await openJournal<JournalBody>(path, { clock: systemClock });
    await journal.close();
    return journal.entries().map(({ body }) => body);
  }

  /** Slots of the environment whose program runs. */
  async runningSlots(environment: string): Promise<readonly string[]> {
    const slots = await Promise.all(
      ['blue', 'green'].map(async (slot) => {
        const { running } = await this.#init.status(`${environment}.web.${slot}`);
        return running ? [slot] : [];
      }),
    );
    return slots.flat();
  }

  /** Ends everything that runs here. */
  async remove(): Promise<void> {
    await this.agent.end('SIGKILL');
    for (const route of routes) {
      for (const slot of ['blue', 'green']) await this.#init.stop(`${route}.${slot}`, 0);
    }
    await stopProxy(this.#state);
  }
}
