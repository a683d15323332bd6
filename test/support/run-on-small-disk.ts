import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { openJournal } from '../../src/adapters/journal/file/open-journal.ts';
import { openRoom } from '../../src/agent/open-room.ts';
import type { JournalBody, Outcome, Work } from '../../src/deploy/journal-entries.ts';
import { startingAt } from '../../src/deploy/resume.ts';
import { runSteps, type StepEvent } from '../../src/deploy/run-steps.ts';
import { createServiceTarget } from '../../src/targets/service/create-target.ts';
import { configOf, contextOf, shaOf } from './service-bench.ts';

/** What happened, as it prints it. */
export interface SmallDiskResult {
  readonly first: Outcome;
  readonly during: Outcome;
  /** What people were served after the deployment that failed. */
  readonly afterwards: string;
  /** Bytes, then. */
  readonly free: number;
  /** Of what was found while the disk was full. */
  readonly reasons: readonly string[];
  readonly health: string;
  readonly served: string;
}

/** Its arguments: the folder of a service bench whose `state` is a small disk. Prints what happened as JSON. */
const folder = process.argv[2]!;
const state = join(folder, 'state');
const disk = await openRoom({ state, free: 2 ** 20 });
const journal = disk.journal(
  await openJournal<JournalBody>(join(state, 'journal', 'agent'), { clock: systemClock }),
);

/** Runs a deployment to its end as the agent does: each step is in the journal, before and after. */
async function deploy(letter: string, deployment: number, build?: readonly [string, ...string[]]) {
  const config = configOf(build ? { build } : {});
  const { context } = contextOf(folder, { sha: shaOf(letter), deployment, config });
  const outcome = await runSteps(
    startingAt('forward'),
    createServiceTarget(context),
    { onFailure: 'rollback', retry: null },
    {
      note: (entry) => journal.append(entry),
      clock: systemClock,
      on: (event) => tell(event, deployment),
      isLeaving: () => false,
      cancelledBy: () => null,
      signal: new AbortController().signal,
    },
  );
  return outcome as Outcome;
}

function tell(event: StepEvent, deployment: number): void {
  if (event.kind !== 'step-ended') return;
  const { step, durationMs, failure } = event;
  const work = { deployment } as Work;
  disk.listener({
    kind: 'step-ended',
    work,
    step: step.name,
    phase: step.phase,
    durationMs,
    failure,
  });
}

async function version(): Promise<string> {
  const { proxy } = contextOf(folder);
  return await (await fetch(`http://127.0.0.1:${proxy.read().port}/version`)).text();
}

/** Takes all the room that is left, to the last byte. */
function fillUp(): void {
  for (const size of [2 ** 20, 4096, 1]) {
    try {
      for (let at = 0; ; at += 1)
        writeFileSync(join(state, `junk-${size}-${at}`), Buffer.alloc(size, '.'));
    } catch {
      // Full for this size.
    }
  }
}

const first = await deploy('a', 1);
const during = await deploy('b', 2, ['sh', '-c', 'cat /dev/zero > junk']);
const afterwards = await version();
const { free } = await disk.room();
fillUp();
const { context, init } = contextOf(folder, { sha: shaOf('a'), deployment: 1 });
await init.signal('staging.web.blue', 'SIGKILL');
while ((await init.status('staging.web.blue')).running) await systemClock.sleep(5);
const target = createServiceTarget(context);
const reasons: string[] = [];
let health = '';
const end = systemClock.now() + 15_000;
while (systemClock.now() < end && health !== 'healthy') {
  const report = await target.keep!(new AbortController().signal);
  health = report.health;
  for (const found of report.found) {
    reasons.push(found.reason);
    disk.listener({ kind: 'kept', work: { deployment: 1 } as Work, found });
  }
  if (health !== 'healthy') await systemClock.sleep(report.againInMs ?? 100);
}
const served = health === 'healthy' ? await version() : 'nothing';
// Where the disk is full still, its end cannot be written down; ended it is all the same.
await init.stop('staging.web.blue', 0).catch(() => undefined);
await journal.close();
const result: SmallDiskResult = { first, during, afterwards, free, reasons, health, served };
process.stdout.write(JSON.stringify(result));
