import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../../src/targets/target.ts';
import { KillPoints } from './kill-points.ts';

/** Arguments of this program: one JSON document. */
export interface StepsRun {
  readonly folder: string;
  readonly sha: string;
  readonly deployment: number;
  readonly list: 'steps' | 'rollback';
  /** `deploy`, with a canary before the switch and a watch after it, unless it says otherwise. */
  readonly act?: 'stage' | 'switch' | undefined;
  readonly build: readonly [string, ...string[]];
  /** At which moment to kill itself; 0 never. */
  readonly killAt: number;
}

const run = JSON.parse(process.argv[2]!) as StepsRun;
const points = new KillPoints(run.killAt);
const { configOf, contextOf } = await import('./service-bench.ts');
const { createServiceTarget } = await import('../../src/targets/service/create-target.ts');

const briefly = { for: 20, errors: 0.05, requests: 20 };
const { context } = contextOf(run.folder, {
  sha: run.sha,
  deployment: run.deployment,
  stage: run.act === 'stage',
  operation: run.act === 'switch' ? 'switch' : 'deploy',
  config: configOf({
    build: run.build,
    keep: 2,
    canary: { ...briefly, share: 0.5, sticky: true },
    watch: briefly,
  }),
});
const { git, init, proxy, proxyOf, programs, probe, clock, log } = context.ports;
const ports = {
  git: points.wrap(git),
  init: points.wrap(init),
  proxy: points.wrap(proxy),
  proxyOf,
  programs: points.wrap(programs),
  probe: points.wrap(probe),
  clock,
  log,
};
const target = createServiceTarget({ ...context, ports });
const steps: readonly Step[] =
  run.list === 'steps' ? [...target.steps, ...target.settle] : target.rollback;

const journal = join(run.folder, `journal-${run.deployment}-${run.list}`);
appendFileSync(journal, '');
const ended = readFileSync(journal, 'utf8').split('\n');
for (const step of steps) {
  if (ended.includes(step.name)) continue;
  points.pass();
  await step.run(new AbortController().signal);
  points.pass();
  appendFileSync(journal, `${step.name}\n`);
}
process.stdout.write(String(points.passed));
