/** `npm run check`: everything that CI runs, one named step after the other; the first that fails ends it. */
import { spawnSync } from 'node:child_process';

const steps: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['types', 'tsc', '--project', '.'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['unused code', 'knip'],
  ['generated files', 'node', 'scripts/generate.ts', '--check'],
  // Before the tests, which build it anew.
  ['bundle of the Action', 'node', 'scripts/check-action.ts'],
  ['tests', 'npm', 'test'],
];

for (const [name, command, ...args] of steps) {
  const began = Date.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  if (status !== 0) {
    console.error(`check: ${name} failed after ${seconds} s: ${[command, ...args].join(' ')}`);
    process.exit(1);
  }
  console.log(`check: ${name} ok (${seconds} s)`);
}
