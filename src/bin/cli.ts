#!/usr/bin/env node
import { runProgram } from '../cli/program.ts';
import { verbs } from '../cli/verbs.ts';
import { exitCodes } from '../model/errors.ts';
import { complaintOfNode } from './node-version.ts';
import { terminalWorld } from './terminal-world.ts';

const complaint = complaintOfNode(process.versions.node);
if (complaint !== null) {
  process.stderr.write(`${complaint}\n`);
  process.exit(exitCodes.usage);
}

const code = await runProgram(process.argv.slice(2), verbs, terminalWorld());
// Whatever is still open (a kept-alive connection) must not hold the program, nor cut its output.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
