import type { Execute } from './execute.ts';
import type { Owner } from './owner.ts';
import type { Scope } from './unit-facts.ts';

/** What `SystemdInit` is made of. */
export interface SystemdSettings {
  readonly scope: Scope;
  /** Where the units are kept, absolute; the manager gets links to them. */
  readonly folder: string;
  /** Whom the agent runs as, and so its programs. */
  readonly owner: Owner;
  readonly execute: Execute;
}
