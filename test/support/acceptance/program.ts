import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from './wait.ts';

type Env = Readonly<Record<string, string>>;

/** The built program; `SALLYPORT_CLI` names another build of it. */
const cli =
  process.env['SALLYPORT_CLI'] ?? fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

/** What a program without a terminal of its own gets from this one: nothing that is about Sallyport. */
function envOf(own: Env): Env {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, ...own };
}

function command(args: readonly string[]): readonly string[] {
  if (!existsSync(cli)) throw new Error(`${cli} is not there. Build it first: npm run build`);
  return [cli, ...args];
}

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `sallyport …` to its end. */
export async function sallyport(args: readonly string[], env: Env = {}): Promise<Ran> {
  const child = spawn(process.execPath, command(args), { env: envOf(env) });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** A server of the program, that can be started, ended, killed and started again. */
export class Server {
  readonly #args: () => readonly string[];
  readonly #env: Env;
  readonly #within: readonly string[];
  #child: ChildProcess | null = null;
  #output = '';

  /** `args` is asked at each start. `within`: the program, with its words, that runs it. */
  constructor(args: () => readonly string[], env: Env, within: readonly string[] = []) {
    this.#args = args;
    this.#env = env;
    this.#within = within;
  }

  /** Everything that it wrote since it was first started. */
  get output(): string {
    return this.#output;
  }

  get isRunning(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves with the JSON document that it prints once it serves. */
  async start(): Promise<Record<string, string>> {
    const words = [...this.#within, process.execPath, ...command(this.#args())];
    const child = spawn(words[0]!, words.slice(1), { env: envOf(this.#env) });
    this.#child = child;
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      this.#output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    return await until(
      `\`sallyport ${this.#args().join(' ')}\` serves`,
      () => {
        if (!this.isRunning) throw new Error(`it ended at its start:\n${this.#output}`);
        return stdout.trimEnd().endsWith('}') && (JSON.parse(stdout) as Record<string, string>);
      },
      { facts: () => this.#output },
    );
  }

  /** Sends the signal and resolves with the exit code, or with null where a signal ended it. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (child === null || !this.isRunning) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode;
  }

  /** Ends it and starts it again, as it was. */
  async restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.end(signal);
    await this.start();
  }
}
