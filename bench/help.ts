import { spawnSync } from 'node:child_process';
import { copyProgram } from './support/built-program.ts';
import { median } from './support/wrk.ts';

// How long `sallyport --help` takes, beside a Node that does nothing.
// `node bench/help.ts [--json]`; about 5 s. Needs `npm run build`.
const rounds = 20;
const goalMs = 80;
const program = await copyProgram();

try {
  const [bare, help]: [number[], number[]] = [[], []];
  // In turns, so that a noisy moment hits both.
  for (let round = 0; round < rounds; round += 1) {
    bare.push(timeOf(['-e', '0']));
    help.push(timeOf([program.cli, '--help']));
  }
  const result = { bareMs: median(bare), helpMs: median(help), goalMs };
  if (process.argv.includes('--json')) console.log(JSON.stringify(result));
  else {
    console.table([
      rowOf('node -e 0', result.bareMs, result),
      rowOf('sallyport --help', result.helpMs, result),
    ]);
  }
} finally {
  await program.remove();
}

function timeOf(words: readonly string[]): number {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, words, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${words.join(' ')} ended with ${status}`);
  return performance.now() - began;
}

function rowOf(command: string, ms: number, { bareMs }: { readonly bareMs: number }) {
  return {
    command,
    ms: ms.toFixed(0),
    '÷ bare': (ms / bareMs).toFixed(2),
    '÷ goal': (ms / goalMs).toFixed(2),
  };
}
