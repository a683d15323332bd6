import type { ServiceSpec } from '../../../ports/init.ts';

/** Whose manager it is: the host's, or the one of the user that the agent runs as. */
export type Scope = 'system' | 'user';

/** Everything that a unit is made of. */
export interface UnitFacts {
  readonly spec: ServiceSpec;
  readonly scope: Scope;
  /** The program of the command, absolute. */
  readonly program: string;
  /** The file with its environment, absolute. */
  readonly environment: string;
  /** Whom the system's manager runs it as; `null`: root, as the agent. */
  readonly user: string | null;
  /** Names of variables that the manager itself would add. */
  readonly inherited: readonly string[];
  /** Sandboxing a user's program takes a user namespace: whether it may have one, and needs it. */
  readonly mapsUser: boolean;
}
