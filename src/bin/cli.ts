#!/usr/bin/env node
import { runProgram } from '../cli/program.ts';
import { verbs } from '../cli/verbs.ts';
import { terminalWorld } from './terminal-world.ts';

for (const stream of [process.stdout, process.stderr]) stream.on('error', leaveOnBrokenPipe);

const code = await runProgram(process.argv.slice(2), verbs, terminalWorld());
// Whatever is still open (a kept-alive connection) must not hold the program, nor cut its output.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));

/** `sallyport … | head` closes our output early; that is no error of anybody. */
function leaveOnBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}
