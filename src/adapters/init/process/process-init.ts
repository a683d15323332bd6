import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SallyportError } from '../../../model/errors.ts';
import type { Init, InitProblem, ServiceSpec, ServiceStatus } from '../../../ports/init.ts';
import { lastLines, rotateLog } from './program-log.ts';
import { endProcesses } from './end-processes.ts';
import {
  bootId,
  hasInEnvironment,
  listProcesses,
  readProcess,
  type ProcessFacts,
} from './process-table.ts';
import { readRunFile, writeRunFile, type RunFile } from './run-file.ts';

/** An older program of the same name has this long to end before a new one is started. */
const replaceGraceMs = 5_000;

/**
 * Programs as detached children, each in a session of its own, that outlive the agent.
 * The intent to start one is on the disk before it is started, and its nonce stands in the
 * program's environment: an agent that was killed between the two finds the program again.
 * The end's exit code is known only while the agent that started it lives.
 */
export class ProcessInit implements Init {
  readonly #folder: string;
  readonly #boot = bootId();
  /** The ends that this agent will hear of, by nonce. */
  readonly #ends = new Map<string, Promise<void>>();

  /** `folder` keeps one small file a program. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(spec: ServiceSpec): Promise<void> {
    await this.stop(spec.name, replaceGraceMs);
    const nonce = randomUUID();
    const run: RunFile = {
      name: spec.name,
      nonce,
      boot: this.#boot,
      pid: null,
      start: null,
      ended: null,
    };
    writeRunFile(this.#pathOf(spec.name), run);
    const child = await spawnDetached(spec, markerOf(run));
    this.#hearOfEnd(run, nonce, child);
    const facts = child.pid === undefined ? null : readProcess(child.pid);
    if (facts !== null && child.exitCode === null) this.#noteStart(run, facts);
  }

  async stop(name: string, graceMs: number): Promise<void> {
    const run = this.#read(name);
    if (run === null || run.nonce === null) return;
    if (run.boot === this.#boot) await endProcesses(() => processesOf(run), graceMs);
    const ended = this.#read(name)?.ended ?? null;
    writeRunFile(this.#pathOf(name), { ...run, nonce: null, pid: null, start: null, ended });
  }

  async signal(name: string, signalName: NodeJS.Signals): Promise<void> {
    const { pid } = await this.status(name);
    if (pid === null || !sendSignal(pid, signalName)) {
      throw new SallyportError({
        code: 'not_running',
        message: `${name} is not running, so it gets no ${signalName}`,
        hint: 'deploy the service first',
      });
    }
  }

  async status(name: string): Promise<ServiceStatus> {
    const run = this.#read(name);
    if (run === null || run.nonce === null || run.boot !== this.#boot) {
      return { running: false, pid: null, ended: run?.ended ?? null };
    }
    const leader = run.pid === null ? this.#adopt(run) : leaderOf(run);
    if (leader !== null) return { running: true, pid: leader.pid, ended: null };
    // A child of ours that is dead but whose exit code did not come in yet.
    await this.#ends.get(run.nonce);
    return { running: false, pid: null, ended: this.#read(name)?.ended ?? null };
  }

  async lines(_name: string, log: string, count: number): Promise<readonly string[]> {
    return await lastLines(log, count);
  }

  check(): Promise<readonly InitProblem[]> {
    return Promise.resolve([]);
  }

  /** A program that was started, but whose pid never came to the disk. */
  #adopt(run: RunFile): ProcessFacts | null {
    const leader = processesOf(run).find(({ pid, group }) => pid === group) ?? null;
    if (leader !== null) this.#noteStart(run, leader);
    return leader;
  }

  #noteStart(run: RunFile, { pid, start }: ProcessFacts): void {
    const now = this.#read(run.name);
    if (now?.nonce !== run.nonce) return;
    writeRunFile(this.#pathOf(run.name), { ...now, pid, start });
  }

  #hearOfEnd(run: RunFile, nonce: string, child: ChildProcess): void {
    const end = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        this.#ends.delete(nonce);
        this.#noteEnd(run, code ?? signal);
        resolve();
      });
    });
    this.#ends.set(nonce, end);
  }

  #noteEnd(run: RunFile, ended: number | string | null): void {
    const now = this.#read(run.name);
    if (now?.nonce !== run.nonce) return;
    try {
      writeRunFile(this.#pathOf(run.name), { ...now, ended });
    } catch {
      // A full disk loses the exit code, never the agent.
    }
  }

  #read(name: string): RunFile | null {
    return readRunFile(this.#pathOf(name));
  }

  #pathOf(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}

/** Resolves when the program was executed; rejects with `start_failed` when it could not be. */
async function spawnDetached(spec: ServiceSpec, marker: string): Promise<ChildProcess> {
  mkdirSync(dirname(spec.log), { recursive: true, mode: 0o700 });
  await rotateLog(spec.log);
  const log = openSync(spec.log, 'a', 0o600);
  const [file, ...args] = spec.command;
  const [name, value] = marker.split('=', 2) as [string, string];
  try {
    const child = spawn(file, args, {
      cwd: spec.directory,
      env: { ...spec.env, [name]: value },
      detached: true,
      stdio: ['ignore', log, log],
    });
    await once(child, 'spawn');
    child.unref();
    return child;
  } catch (cause) {
    throw new SallyportError({
      code: 'start_failed',
      message: `cannot start ${file} in ${spec.directory}: ${codeOf(cause)}`,
      hint: 'check `run` of the target: the program must be in the release or on the PATH of the agent',
      cause,
    });
  } finally {
    closeSync(log);
  }
}

/** Whether it was there to get it. */
function sendSignal(pid: number, signalName: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signalName);
  } catch {
    return false;
  }
}

/** Everything that the program is: its process group, and what it started elsewhere with its environment. */
function processesOf(run: RunFile): readonly ProcessFacts[] {
  const leader = leaderOf(run);
  const marker = markerOf(run);
  return listProcesses().filter(
    ({ pid, group }) => group === leader?.pid || hasInEnvironment(pid, marker),
  );
}

/** The process that was started, while it lives; never another one that got its pid. */
function leaderOf(run: RunFile): ProcessFacts | null {
  const facts = run.pid === null ? null : readProcess(run.pid);
  return facts?.start === run.start ? facts : null;
}

function markerOf(run: RunFile): string {
  return `SALLYPORT_UNIT=${run.name}:${run.nonce}`;
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? String(cause);
}
