#!/usr/bin/env node
import { runProgram } from '../cli/program.ts';
import { verbs } from '../cli/verbs.ts';
import { terminalWorld } from './terminal-world.ts';

const code = await runProgram(process.argv.slice(2), verbs, terminalWorld());
// Whatever is still open (a kept-alive connection) must not hold the program, nor cut its output.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
