import { durationBetween } from './duration.ts';
import { section } from './later.ts';
import { Argv } from './words.ts';

export const Hooks = section({
  before: Argv.optional().describe('Must succeed before anything is changed.'),
  after: Argv.optional().describe('Must succeed once it is applied and verified.'),
  on_failure: Argv.optional().describe('Runs after it was rolled back; its failure is only told.'),
  timeout: durationBetween('1s', '1d').prefault('10m').describe('For each of them.'),
}).describe('Programs of the commit that run around the target, on each of its hosts.');
export type Hooks = NonNullable<ReturnType<typeof Hooks.parse>>;
