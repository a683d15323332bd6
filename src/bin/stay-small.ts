import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long after a call the memory is given back: what the work needed is garbage by then. */
const restMs = 3_000;
/** What idle polls leave behind goes as often; V8 alone waits for some megabytes of it. */
const againMs = 60_000;

type Collect = (options: { readonly type: string; readonly flavor: string }) => void;

/** What V8 is told beside the flags of the agent's unit: code that was not used between two collections is given up. */
const flags = [
  '--max-semi-space-size=1',
  '--bytecode-old-age=1',
  '--flush-baseline-code',
  '--expose-gc',
] as const;

/**
 * Keeps an idle agent's memory low; bench/README.md says by how much. V8 lets the heap of a program
 * grow while it starts, and gives it back only under pressure that an idle program never feels.
 * Gives a function to be called whenever a piece of work has ended.
 */
export function staySmall(): () => void {
  for (const flag of flags) setFlagsFromString(flag);
  const collect = runInNewContext('gc') as Collect;
  const giveBack = (): void => collect({ type: 'major', flavor: 'last-resort' });
  const rest = (): void => {
    setTimeout(giveBack, restMs).unref();
  };
  rest();
  setInterval(giveBack, againMs).unref();
  return rest;
}
