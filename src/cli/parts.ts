/**
 * The parts of the system that a verb asks for and only `src/bin` can build. To add one:
 * declare what the verb needs in the verb's own file, add a function here that resolves to it,
 * and build it in `src/bin/parts.ts` with a lazy import.
 */
// eslint-disable-next-line typescript/no-empty-object-type -- the first verb that needs a part adds it
export interface Parts {}
