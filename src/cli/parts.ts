import type { AppParts } from '../app/server.ts';

/**
 * The parts of the system that a verb asks for and only `src/bin` can build. To add one:
 * declare what the verb needs in the verb's own file, add a function here that resolves to it,
 * and build it in `src/bin/parts.ts` with a lazy import.
 */
export interface Parts {
  /** For `sallyport app`. */
  app(): Promise<AppParts>;
}
