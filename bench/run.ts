import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Every benchmark in its short form, one after the other, each in a process of its own:
// `node bench/run.ts`; about 12 min.
const benchmarks = [
  ['help.ts'],
  ['action-start.ts'],
  ['api-calls.ts'],
  ['webhooks.ts'],
  ['idle-agent.ts', '--minutes', '1'],
  ['watch-poll.ts'],
  ['reconcile.ts'],
  ['plan-files.ts', '--sizes', '1000,10000'],
  ['apply-files.ts'],
  ['proxy.ts'],
  ['proxy-switch.ts'],
  ['deploy-steps.ts'],
  ['switch.ts'],
] as const;

for (const [file, ...flags] of benchmarks) {
  console.log(`\n${['bench', file].join('/')} ${flags.join(' ')}`);
  const words = [join(import.meta.dirname, file), ...flags];
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
  // A goal that was missed must not keep the others from being measured.
  if (status !== 0) process.exitCode = 1;
}
