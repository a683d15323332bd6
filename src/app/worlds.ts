import { LedgerReader } from '../deploy/reader.ts';
import type { SigningKey } from '../model/keys.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import { createTeller } from '../notify/teller.ts';
import type { Log } from '../ports/log.ts';
import type { Memory, Outbox } from '../ports/outbox.ts';
import type { EventSource } from './events/source.ts';
import { FollowUps } from './follow-ups.ts';
import type { Installation } from './installations.ts';
import { readPolicy } from './configuration.ts';
import { pacedLedger } from './paced-ledger.ts';
import { githubThrough } from './octokit/github.ts';
import type { AppWorld } from './world.ts';

/** What a ledger on GitHub needs to know of where it is. */
export interface LedgerAccess {
  /** Root of the REST API. */
  readonly apiUrl: string;
  readonly owner: string;
  readonly name: string;
  /** A token that lives for some minutes more; asked for at every request. */
  readonly token: () => Promise<string>;
}

export interface WorldMaker {
  readonly apiUrl: string;
  readonly key: SigningKey;
  readonly clock: Clock;
  readonly log: Log;
  readonly openInstallation: (id: number) => Promise<Installation>;
  readonly openLedger: (access: LedgerAccess) => Ledger;
  /** Which comments answer which; absent where a delivery is never tried again. */
  readonly answers?: Memory;
  /** Where notes for people wait to be sent, and who is told that there are some; absent: nobody sends any. */
  readonly notes?: { readonly outbox: Pick<Outbox, 'put'>; readonly wake: () => void };
}

/** One world a repository, kept, so that ETags and what was verified are of use to the next event. */
export class Worlds {
  readonly #maker: WorldMaker;
  readonly #worlds = new Map<string, Promise<AppWorld>>();

  constructor(maker: WorldMaker) {
    this.#maker = maker;
  }

  open(source: EventSource): Promise<AppWorld> {
    // A repository that was renamed or moved gets a world of its own.
    const { owner, name, id, defaultBranch } = source.repository;
    const key = [source.installation, id, owner, name, defaultBranch].join(' ');
    const known = this.#worlds.get(key);
    if (known) return known;
    const made = this.#make(source);
    this.#worlds.set(key, made);
    made.catch(() => this.#worlds.delete(key));
    const [oldest] = this.#worlds.keys();
    if (this.#worlds.size > capacity && oldest !== undefined) this.#worlds.delete(oldest);
    return made;
  }

  /** Those that are kept; one that cannot be opened is passed over. */
  async opened(): Promise<readonly AppWorld[]> {
    const opened = await Promise.allSettled(this.#worlds.values());
    return opened.flatMap((world) => (world.status === 'fulfilled' ? [world.value] : []));
  }

  async #make({ installation, repository }: EventSource): Promise<AppWorld> {
    const { apiUrl, key, clock, log, openInstallation, openLedger, notes, answers } = this.#maker;
    const { request, token, writes } = await openInstallation(installation);
    const { owner, name, id } = repository;
    const unpaced = openLedger({ apiUrl, owner, name, token });
    const ledger = writes ? pacedLedger(unpaced, writes) : unpaced;
    const github = githubThrough(request, repository);
    const tellThrough = (notes: NonNullable<WorldMaker['notes']>) =>
      createTeller({
        ...notes,
        receiversOf: async (environment) => {
          const { config } = await readPolicy(github, repository.defaultBranch);
          return config.environments[environment]?.notify ?? [];
        },
        log,
        now: () => clock.now(),
      });
    const tell = notes ? tellThrough(notes) : () => Promise.resolve();
    const trust = { repository: id, app: [{ key: key.public, environments: 'all' as const }] };
    return {
      repository,
      github,
      tell,
      ledger,
      ...(answers ? { answers } : {}),
      reader: new LedgerReader(ledger, trust),
      followUps: new FollowUps(),
      key,
      clock,
      log,
    };
  }
}

const capacity = 200;
