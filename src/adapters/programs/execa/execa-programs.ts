import { execa, type Options } from 'execa';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '../../../model/digest.ts';
import type { ProgramResult, ProgramSpec, Programs } from '../../../ports/programs.ts';
import { areGone, endProcesses, signalAll } from '../../init/process/end-processes.ts';
import {
  hasInEnvironment,
  listProcesses,
  type ProcessFacts,
} from '../../init/process/process-table.ts';
import { Capture } from './capture.ts';
import { OutputLog } from './output.ts';
import { Tail } from './tail.ts';

/** From SIGTERM to SIGKILL on a timeout or an abort. */
const graceMs = 3_000;
/** What is still in the pipes when a program has ended is read for this long, then cut off. */
const flushMs = 2_000;

/** Programs through execa. What a program leaves running in the background ends with it. */
export class ExecaPrograms implements Programs {
  async run(spec: ProgramSpec, signal?: AbortSignal): Promise<ProgramResult> {
    signal?.throwIfAborted();
    const marker = markerOf(spec);
    await endProcesses(() => markedProcesses(marker), graceMs);
    const tail = new Tail();
    const log = await OutputLog.open(
      { path: spec.log, secrets: spec.secrets, tell: spec.tell },
      tail,
    );
    const began = performance.now();
    try {
      const captured = spec.capture === undefined ? null : new Capture(spec.capture);
      const status = await runProgram(spec, marker, { log, captured }, signal);
      signal?.throwIfAborted();
      const durationMs = Math.round(performance.now() - began);
      const stdout = captured?.text();
      return { status, durationMs, tail: tail.lines(), ...(stdout !== undefined && { stdout }) };
    } finally {
      await log.close();
    }
  }
}

/** Where a program's output goes. */
interface Outlets {
  readonly log: OutputLog;
  readonly captured: Capture | null;
}

async function runProgram(
  spec: ProgramSpec,
  marker: string,
  { log, captured }: Outlets,
  signal: AbortSignal | undefined,
): Promise<number | string> {
  signal?.throwIfAborted();
  const [file, ...args] = spec.command;
  const program = execa(file, args, optionsOf(spec, marker));
  const group = program.pid;
  const everything = (): readonly ProcessFacts[] =>
    listProcesses().filter((it) => it.group === group || hasInEnvironment(it.pid, marker));
  const stuck = Promise.withResolvers<never>();
  // Nobody may wait for a program that cannot be ended (another user's, or one that waits for a disk).
  const end = (): Promise<void> =>
    interruptFirst(everything, spec.graceMs)
      .then(() => endProcesses(everything, graceMs))
      .catch(stuck.reject);

  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void end();
  }, spec.timeoutMs);
  const abort = (): void => void end();
  signal?.addEventListener('abort', abort, { once: true });

  // A grandchild may hold the pipes open for ever: the end of the program is the end.
  let left: Promise<void> | undefined;
  program.nodeChildProcess.once('exit', () => {
    // What cannot be ended is no fault of the program, whose result is known.
    left = endProcesses(everything, 0).catch(() => undefined);
    void left
      .then(() => sleep(flushMs, undefined, { ref: false }))
      .finally(() => {
        program.stdout.destroy();
        program.stderr.destroy();
      });
  });
  try {
    const told = { captured, unlogged: spec.unlogged === true };
    const taken = [log.take(program.stdout, told), log.take(program.stderr)] as const;
    const [result] = await Promise.race([Promise.all([program, ...taken]), stuck.promise]);
    await left;
    if (timedOut) return 'timeout';
    return result.exitCode ?? result.signal ?? couldNotStart(result.code);
  } catch (error) {
    await end();
    program.stdout.destroy();
    program.stderr.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function optionsOf(spec: ProgramSpec, marker: string) {
  const [name, value] = marker.split('=', 2) as [string, string];
  return {
    cwd: spec.directory,
    env: { ...spec.env, [name]: value },
    extendEnv: false,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    encoding: 'buffer',
    buffer: false,
    reject: false,
    detached: true,
    cleanup: false,
  } as const satisfies Options;
}

/** Asks everything to end as Ctrl-C does, and gives it so long; without a length, passes over. */
async function interruptFirst(
  find: () => readonly ProcessFacts[],
  withinMs: number | undefined,
): Promise<void> {
  if (withinMs === undefined) return;
  signalAll(find(), 'SIGINT');
  await areGone(find, withinMs);
}

function couldNotStart(code: string | undefined): string {
  return code === 'EACCES' ? 'not-executable' : 'not-found';
}

function markedProcesses(marker: string): readonly ProcessFacts[] {
  return listProcesses().filter(({ pid }) => hasInEnvironment(pid, marker));
}

/** The same step of the same release has the same log, so an agent finds what a killed one left running. */
function markerOf(spec: ProgramSpec): string {
  return `SALLYPORT_RUN=${digestOf(spec.log).slice('sha256:'.length, 'sha256:'.length + 16)}`;
}
