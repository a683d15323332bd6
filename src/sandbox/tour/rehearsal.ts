import type { Narrator } from './narrator.ts';
import type { TourWorld } from './sample-tour.ts';

/** The whole system on this machine: a stand-in GitHub, the App, an agent, a repository. */
export interface Rehearsal {
  readonly tour: TourWorld;
  /** Where each target is reached. */
  readonly urls: readonly string[];
  /** Everything that it wrote on this machine. */
  readonly folder: string;
  /** Ends every process, and removes the folder unless it is to be kept. */
  stop(): Promise<void>;
}

export interface RehearsalOptions {
  /** Somebody's own repository; the sample one where absent. */
  readonly repository?: string;
  readonly environment: string;
  /** Whether the folder stays when it ends. */
  readonly keep: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: Narrator;
  readonly signal: AbortSignal;
}

export type OpenRehearsal = (options: RehearsalOptions) => Promise<Rehearsal>;
