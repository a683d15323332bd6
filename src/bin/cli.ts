#!/usr/bin/env node
import { runProgram } from '../cli/program.ts';
import { verbs } from '../cli/verbs.ts';
import { terminalWorld } from './terminal-world.ts';

process.stdout.on('error', leaveOnBrokenPipe);
// Nobody is left to tell; an agent whose log is on a full disk, or gone, goes on.
process.stderr.on('error', () => undefined);

const code = await runProgram(process.argv.slice(2), verbs, terminalWorld());
// Whatever is still open (a kept-alive connection) must not hold the program, nor cut its output.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));

/** `sallyport … | head` closes our output early; that is no error of anybody. */
function leaveOnBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}
