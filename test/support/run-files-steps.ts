import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StepFailure, type Step } from '../../src/targets/target.ts';
import { KillPoints } from './kill-points.ts';

/** Arguments of this program: one JSON document. */
export interface FilesRun {
  readonly folder: string;
  readonly letter: string;
  readonly deployment: number;
  readonly list: 'steps' | 'rollback';
  readonly config: object;
  /** At which moment to kill itself; 0 never. */
  readonly killAt: number;
}

const run = JSON.parse(process.argv[2]!) as FilesRun;
const points = new KillPoints(run.killAt);
const { FilesBench } = await import('./files-bench.ts');
const { createFilesTarget } = await import('../../src/targets/files/create-target.ts');

const context = new FilesBench(run.folder).context(run.letter, run.deployment, run.config, {});
const { git, probe, programs } = context.ports;
const ports = { ...context.ports, git, probe: points.wrap(probe), programs: points.wrap(programs) };
const target = createFilesTarget({ ...context, ports });
const steps: readonly Step[] =
  run.list === 'steps' ? [...target.steps, ...target.settle] : target.rollback;

const journal = join(run.folder, `journal-${run.deployment}-${run.list}`);
appendFileSync(journal, '');
const ended = readFileSync(journal, 'utf8').split('\n');
try {
  for (const step of steps) {
    if (ended.includes(step.name)) continue;
    points.pass();
    await step.run(new AbortController().signal);
    points.pass();
    appendFileSync(journal, `${step.name}\n`);
  }
  process.stdout.write(JSON.stringify({ passed: points.passed }));
} catch (error) {
  if (!(error instanceof StepFailure)) throw error;
  process.stdout.write(JSON.stringify({ reason: error.reason, message: error.message }));
}
