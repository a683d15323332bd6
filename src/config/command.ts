import { z } from 'zod';
import { durationBetween } from './duration.ts';
import { section } from './later.ts';
import { placed } from './placed.ts';
import { commandPlaceholders } from './placeholders.ts';
import { Env } from './service.ts';
import { argvWith, RelativePath } from './words.ts';

const Argv = argvWith(commandPlaceholders);
const ExitCode = z.int().min(0).max(255);
const Timeout = durationBetween('1s', '1d')
  .prefault('30m')
  .describe('It is then interrupted, and has failed.');

const Program = section({ run: Argv, timeout: Timeout });

const PlanProgram = section({
  run: Argv.describe('Finds out what would change and changes nothing; may write `{plan_file}`.'),
  timeout: Timeout,
  unchanged: z
    .array(ExitCode)
    .default([0])
    .describe('Exit codes that mean: nothing to change. One that is in both lists: read the JSON.'),
  changed: z
    .array(ExitCode)
    .default([2])
    .describe('Exit codes that mean: there are changes. Any other code is a failure.'),
  show: Argv.optional().describe('Prints the plan as JSON; absent: `run` prints it.'),
  format: z
    .enum(['opentofu', 'pulumi', 'changes'])
    .default('changes')
    .describe('`opentofu`: `tofu show -json`; `pulumi`: `pulumi preview --json`; `changes`: ours.'),
}).describe('What would change.');
export type PlanFormat = z.output<typeof PlanProgram>['format'];

/** Programs that plan, apply, verify and roll back whatever they manage. Durations are milliseconds once parsed. */
export const CommandConfig = section({
  kind: z.literal('command'),
  path: RelativePath.default('.').describe('Working directory inside the repository.'),
  env: Env.prefault({}).describe('The environment of all of its programs.'),
  prepare: Program.optional().describe(
    'Runs once in a new release directory, before everything else: `tofu init`, `npm ci`.',
  ),
  plan: PlanProgram,
  apply: Program.describe('Applies exactly the plan in `{plan_file}`.'),
  verify: Program.optional().describe('Must succeed afterwards, and at every reconcile.'),
  rollback: Program.optional().describe(
    'Undoes what `apply` did, also when run twice; absent: a person must.',
  ),
  outputs: Program.optional().describe('Prints a JSON object: kept for later targets and status.'),
  ...placed,
}).describe('Programs that plan, apply, verify and roll back whatever they manage.');
export type CommandConfig = z.output<typeof CommandConfig>;
