import type { ExitCode } from '../model/errors.ts';
import type { World } from './world.ts';

/** What a person typed after the verb. */
export interface Args {
  /** The words that are not options, in order. Required ones are there. */
  readonly words: readonly string[];
  /** By name without dashes; `true` for an option without a value. Absent where not given. */
  readonly options: Readonly<Record<string, string | true | undefined>>;
  readonly json: boolean;
}

interface VerbOption {
  /** `--once` or, with a value, `--repo <path>`. */
  readonly flags: string;
  /** May be given several times: the values come with a line break between them. */
  readonly repeats?: true;
  readonly summary: string;
}

/** One entry of the table in verbs.ts; the code behind it is loaded only when it is run. */
export interface Verb {
  /** `validate`, or `agent keygen` for one below another word. */
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** The words that it takes: `<env> [file]`; empty where it takes none. */
  readonly usage: string;
  /** Besides `--json` and `--help`, which every verb has. */
  readonly options: readonly VerbOption[];
  /** Whole command lines. */
  readonly examples: readonly string[];
  load(): Promise<VerbModule>;
}

export interface VerbModule {
  /** Gives the exit code; throws a SallyportError, which is shown to people as it should be. */
  readonly run: (args: Args, world: World) => Promise<ExitCode>;
}
