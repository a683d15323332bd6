import type {
  Direction,
  JournalBody,
  Outcome,
  QueuedRecord,
  Work,
} from '../deploy/journal-entries.ts';
import { advance, startingAt, type Position } from '../deploy/resume.ts';
import { unitKey, type UnitState } from '../model/unit.ts';
import type { Journal } from '../ports/journal.ts';

/** A unit that this host began and whose end it has not seen yet. */
export interface OpenUnit {
  readonly work: Work;
  readonly direction: Direction;
  readonly position: Position;
  /** `null` while its steps run; then what follows a unit that is done is still to do. */
  readonly outcome: Outcome | null;
  /** Steps of settling that ended. */
  readonly settled: readonly string[];
}

/** What this host did with a unit last. */
export interface PastUnit {
  readonly work: Work;
  readonly direction: Direction;
  readonly outcome: Outcome;
}

/** The host's journal, and what it amounts to so far: folded while reading it and again with every entry. */
export class Notebook {
  readonly #journal: Journal<JournalBody>;
  readonly #past = new Map<string, PastUnit>();
  readonly #records = new Map<string, QueuedRecord>();
  readonly #latest = new Map<string, Work>();
  readonly #said = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #leases = new Map<string, number>();
  #open: OpenUnit | null = null;

  constructor(journal: Journal<JournalBody>) {
    this.#journal = journal;
    for (const { body } of journal.entries()) this.#fold(body);
  }

  /** Resolves when it is on the disk. */
  async write(body: JournalBody): Promise<void> {
    const entry = await this.#journal.append(body);
    this.#fold(entry.body);
  }

  /** The unit to go on with before anything else. */
  get open(): OpenUnit | null {
    return this.#open;
  }

  /** Records that the ledger is not known to have, oldest first. */
  get unwritten(): readonly QueuedRecord[] {
    return [...this.#records.values()];
  }

  /** `undefined` where it has not ended here. */
  past(deployment: number, unit: Pick<Work, 'target' | 'host'>): PastUnit | undefined {
    return this.#past.get(`${deployment} ${unitKey(unit)}`);
  }

  /** The deployment under which this host last ran the job's unit; a job is run once. */
  ranAs(job: string, unit: Pick<Work, 'target' | 'host'>): number | undefined {
    return this.#past.get(`${job} ${unitKey(unit)}`)?.work.deployment;
  }

  /** What this host last did, or does, with each target of an environment. */
  latest(environment: string): readonly Work[] {
    return [...this.#latest.values()].filter(({ job }) => job.environment === environment);
  }

  /** Whether a record of this state was queued for the unit since the deployment began. */
  hasSaid(
    work: Pick<Work, 'deployment' | 'target' | 'host' | 'attempt'>,
    state: UnitState,
  ): boolean {
    return this.#said.has(saidKey(work.deployment, unitKey(work), state, work.attempt));
  }

  /** Whether this host would not begin with the unit, and said so. */
  hasRefused(deployment: number, unit: Pick<Work, 'target' | 'host'>): boolean {
    return this.#refused.has(`${deployment} ${unitKey(unit)}`);
  }

  /** The highest number of a lease record that this host set out to write of the unit; -1 before the first. */
  leaseAttempt(deployment: number, target: string): number {
    return this.#leases.get(`${deployment} ${target}`) ?? -1;
  }

  #fold(body: JournalBody): void {
    switch (body.kind) {
      case 'unit-began': {
        const { work, direction } = body;
        const position = startingAt(direction);
        this.#latest.set(`${work.job.environment} ${unitKey(work)}`, work);
        this.#open = { work, direction, position, outcome: null, settled: [] };
        return;
      }
      case 'step-ended':
        if (!this.#open) return;
        this.#open =
          body.phase === 'settling'
            ? { ...this.#open, settled: [...this.#open.settled, body.step] }
            : { ...this.#open, position: advance(this.#open.position, body) };
        return;
      case 'unit-ended':
        this.#end(body.outcome);
        return;
      case 'unit-settled':
        this.#open = null;
        return;
      case 'record-queued': {
        const { record } = body;
        this.#records.set(record.token, record);
        this.#said.add(saidKey(record.deployment, record.unit, record.state, record.attempt));
        return;
      }
      case 'unit-refused':
        this.#refused.add(`${body.deployment} ${body.unit}`);
        return;
      case 'lease-said':
        this.#leases.set(`${body.deployment} ${body.target}`, body.attempt);
        return;
      case 'record-taken':
        this.#records.delete(body.token);
        return;
      case 'step-began':
      case 'left':
    }
  }

  #end(outcome: Outcome): void {
    if (!this.#open) return;
    const { work, direction } = this.#open;
    const past = { work, direction, outcome };
    this.#past.set(`${work.deployment} ${unitKey(work)}`, past);
    this.#past.set(`${work.job.id} ${unitKey(work)}`, past);
    this.#open = outcome.state === 'done' ? { ...this.#open, outcome } : null;
  }
}

function saidKey(deployment: number, unit: string, state: UnitState, attempt: number): string {
  return `${deployment} ${unit} ${state} ${attempt}`;
}
