import type { AppParts } from '../app/server.ts';
import type { OpenRehearsal } from '../sandbox/tour/rehearsal.ts';
import type { AgentOpener } from '../agent/agent.ts';
import type { CheckHistory } from '../ports/journal.ts';
import type { OpenStore } from '../ports/store.ts';
import type { UpkeepParts } from '../upkeep/parts.ts';

/**
 * The parts of the system that a verb asks for and only `src/bin` can build. To add one:
 * declare what the verb needs here or in a layer below (a verb's own file would be a cycle), add
 * a function that resolves to it, and build it in `src/bin/parts.ts` with a lazy import.
 */
export interface Parts {
  /** For `sallyport app`. */
  app(): Promise<AppParts>;
  /** For `sallyport deliveries`. */
  openStore(): Promise<OpenStore>;
  /** For `sallyport agent run`. */
  agent(): Promise<AgentOpener>;
  /** For `sallyport history verify`. */
  checkHistory(): Promise<CheckHistory>;
  /** For `sallyport try`. */
  rehearsal(): Promise<OpenRehearsal>;
  /** For `sallyport agent install`, `doctor` and their like. */
  upkeep(): Promise<UpkeepParts>;
}
