import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../../src/targets/target.ts';
import { KillPoints } from './kill-points.ts';

/** Arguments of this program: one JSON document. */
export interface CommandRun {
  readonly folder: string;
  readonly sha: string;
  readonly deployment: number;
  readonly list: 'steps' | 'rollback';
  /** Does nothing for so long before it applies. */
  readonly applyAfterMs: number;
  /** At which moment to kill itself; 0 never. */
  readonly killAt: number;
}

const run = JSON.parse(process.argv[2]!) as CommandRun;
const points = new KillPoints(run.killAt);
const { contextOf, exampleConfig } = await import('./command-bench.ts');
const { createCommandTarget } = await import('../../src/targets/command/create-target.ts');

const example = await exampleConfig(run.folder);
const applyLater = `setTimeout(() => void import('./topics.mjs'), ${run.applyAfterMs})`;
const [, ...words] = example.apply.run;
const apply = { ...example.apply, run: [process.execPath, '-e', applyLater, ...words] as const };
const config = run.applyAfterMs === 0 ? example : { ...example, apply };
const { sha, deployment } = run;
const { context } = contextOf(run.folder, config as typeof example, { sha, deployment });
const { git, programs } = context.ports;
const ports = { ...context.ports, git: points.wrap(git), programs: points.wrap(programs) };
const target = createCommandTarget({ ...context, ports });

const journal = join(run.folder, `journal-${run.deployment}-${run.list}`);
appendFileSync(journal, '');
const ended = readFileSync(journal, 'utf8').split('\n');
// The agent plans at a unit's turn; once it has begun with the steps it goes on from its journal.
const planning = {
  name: 'plan',
  run: async (signal: AbortSignal) => void (await target.plan(signal)),
};
const steps: readonly Pick<Step, 'name' | 'run'>[] =
  run.list === 'steps' ? [planning, ...target.steps, ...target.settle] : target.rollback;
for (const step of steps) {
  if (ended.includes(step.name)) continue;
  points.pass();
  await step.run(new AbortController().signal);
  points.pass();
  appendFileSync(journal, `${step.name}\n`);
}
process.stdout.write(String(points.passed));
