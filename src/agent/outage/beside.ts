import type { EnvironmentView } from '../../deploy/fold-environment.ts';
import type { LedgerSource } from '../ledger-source.ts';
import type { Notebook } from '../notebook.ts';
import { factsBeside, mergeViews, type OwnHold } from './merge-views.ts';

type Views = ReadonlyMap<string, EnvironmentView>;

interface BesideWorld {
  readonly host: string;
  readonly environments: readonly string[];
  readonly notebook: Pick<Notebook, 'holds'>;
  /** GitHub's ledger, or the only one. */
  readonly source: Pick<LedgerSource, 'last'>;
  /** The host's own; absent: nobody works on the host. */
  readonly local?: Pick<LedgerSource, 'last'> | undefined;
}

/** What two ledgers tell together, of the environments that this host serves. */
export class Beside {
  readonly #world: BesideWorld;

  constructor(world: BesideWorld) {
    this.#world = world;
  }

  /** What a job of GitHub is judged from. */
  forGithub(): Views {
    const { source } = this.#world;
    const views = source.last?.environments ?? new Map<string, EnvironmentView>();
    return new Map(
      [...views].map(([name, view]) => [
        name,
        { ...view, facts: factsBeside(view.facts, this.#localOf(name), this.#holdOf(name)) },
      ]),
    );
  }

  /** What a job of people on the host is judged from: it is theirs, so that the host is not held for it. */
  forLocal(): Views {
    const views = this.forPeople();
    return new Map(
      [...views].map(([name, view]) => [name, { ...view, facts: { ...view.facts, held: [] } }]),
    );
  }

  /** What people on the host are shown, and choose from. */
  forPeople(): Views {
    const { environments } = this.#world;
    return new Map(environments.map((name) => [name, this.of(name)]));
  }

  /** `local` as whoever asks has just read it. */
  of(name: string, local: EnvironmentView | undefined = this.#localOf(name)): EnvironmentView {
    const github = this.#world.source.last?.environments.get(name);
    return mergeViews(name, github, local, this.#holdOf(name));
  }

  #localOf(name: string): EnvironmentView | undefined {
    return this.#world.local?.last?.environments.get(name);
  }

  #holdOf(name: string): OwnHold {
    const { host, notebook } = this.#world;
    return { host, hold: notebook.holds.of(name) };
  }
}
