import type {
  Direction,
  JournalBody,
  Outcome,
  QueuedRecord,
  Work,
} from '../deploy/journal-entries.ts';
import { advance, startingAt, type Position } from '../deploy/resume.ts';
import { decodeRecord } from '../deploy/record-codec.ts';
import type { HostRecord, HostState, UnitRecord } from '../model/record.ts';
import { unitKey, type UnitState } from '../model/unit.ts';
import type { Journal } from '../ports/journal.ts';
import type { StepPhase } from '../targets/target.ts';
import { DoneWorks } from './done-works.ts';
import { Holds } from './outage/holds.ts';

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
  /** By whom this host is held, and what of that is to be told. */
  readonly holds = new Holds();
  readonly #journal: Journal<JournalBody>;
  readonly #past = new Map<string, PastUnit>();
  readonly #records = new Map<string, QueuedRecord>();
  readonly #latest = new Map<string, Work>();
  readonly #said = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #leases = new Map<string, number>();
  readonly #words = new Map<string, UnitRecord>();
  readonly #ownWords = new Map<string, HostRecord>();
  readonly #healings = new Map<string, Outcome>();
  #healed = 0;
  readonly #done = new DoneWorks();
  #open: OpenUnit | null = null;
  #failedIn: StepPhase | null = null;

  constructor(journal: Journal<JournalBody>) {
    this.#journal = journal;
    for (const { body, at } of journal.entries()) this.#fold(body, at);
  }

  /** Resolves when it is on the disk. */
  async write(body: JournalBody): Promise<void> {
    const entry = await this.#journal.append(body);
    this.#fold(entry.body, entry.at);
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

  /** What this host was told to run in an environment, and what nothing has undone since. */
  lastDone(environment: string): readonly Work[] {
    return this.#done.of(environment);
  }

  /** The number of the next mending. */
  get nextHealing(): number {
    return this.#healed + 1;
  }

  /** How the last mending of a unit of an environment ended. */
  lastHealing(environment: string): Outcome | null {
    return this.#healings.get(environment) ?? null;
  }

  /** The last that this host said of a unit, whether or not the ledger shows it yet. */
  lastSaid(deployment: number, unit: Pick<Work, 'target' | 'host'>): UnitRecord | null {
    return this.#words.get(`${deployment} ${unitKey(unit)}`) ?? null;
  }

  /** The last that this host said of itself in an environment. */
  lastSaidOfHost(environment: string): HostRecord | null {
    return this.#ownWords.get(environment) ?? null;
  }

  /** Whether a record of this state was queued for the unit since the deployment began. */
  hasSaid(
    work: Pick<Work, 'deployment' | 'target' | 'host' | 'attempt'>,
    state: UnitState | HostState,
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

  #fold(body: JournalBody, at: number): void {
    switch (body.kind) {
      case 'unit-began': {
        const { work, direction } = body;
        const position = startingAt(direction);
        this.#failedIn = null;
        this.holds.begin(work, at);
        this.#healed = Math.max(this.#healed, work.heal ?? 0);
        this.#latest.set(`${work.job.environment} ${unitKey(work)}`, work);
        this.#open = { work, direction, position, outcome: null, settled: [] };
        return;
      }
      case 'step-ended':
        if (!this.#open) return;
        if (body.failure && body.phase !== 'settling') this.#failedIn = body.phase;
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
      case 'unit-unchanged':
        this.#latest.set(`${body.work.job.environment} ${unitKey(body.work)}`, body.work);
        this.#pass({ work: body.work, direction: 'forward', outcome: { state: 'done' } });
        return;
      case 'record-queued':
        this.#say(body.record);
        return;
      case 'unit-refused':
        this.#refused.add(`${body.deployment} ${body.unit}`);
        return;
      case 'lease-said':
        this.#leases.set(`${body.deployment} ${body.target}`, body.attempt);
        return;
      case 'record-taken':
        this.#records.delete(body.token);
        return;
      case 'step-retried':
        if (!this.#open || body.phase === 'settling') return;
        this.#open = { ...this.#open, position: advance(this.#open.position, body) };
        return;
      case 'host-released':
        this.holds.release(body.environment, body.by);
        return;
      case 'step-began':
      case 'left':
    }
  }

  #say(record: QueuedRecord): void {
    const { token, deployment, environment, unit, state, attempt } = record;
    this.#records.set(token, record);
    this.#said.add(saidKey(deployment, unit, state, attempt));
    if (state === 'held' || state === 'released') this.holds.tell(environment);
    const word = decodeRecord(token)?.record;
    if (word?.kind === 'unit') this.#words.set(`${deployment} ${unit}`, word);
    if (word?.kind === 'host') this.#ownWords.set(environment, word);
  }

  #end(outcome: Outcome): void {
    if (!this.#open) return;
    const { work, direction } = this.#open;
    // A deployment knows nothing of what is mended later.
    if (work.heal) this.#healings.set(work.job.environment, outcome);
    else this.#pass({ work, direction, outcome });
    this.#open = outcome.state === 'done' ? { ...this.#open, outcome } : null;
  }

  #pass(past: PastUnit): void {
    const { work, direction, outcome } = past;
    this.#past.set(`${work.deployment} ${unitKey(work)}`, past);
    this.#past.set(`${work.job.id} ${unitKey(work)}`, past);
    this.#done.end(work, direction, outcome, this.#failedIn);
  }
}

function saidKey(
  deployment: number,
  unit: string,
  state: UnitState | HostState,
  attempt: number,
): string {
  return `${deployment} ${unit} ${state} ${attempt}`;
}
