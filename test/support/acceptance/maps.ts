import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sallyport } from './program.ts';
import { until } from './wait.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Deployed {
  readonly id: string;
  readonly state: string;
  readonly commit: string;
}

/** The example of docs/examples/map-layers, running as its README says. */
export class Maps {
  readonly folder = mkdtempSync(join(tmpdir(), 'sp-maps-'));
  #example: ChildProcess | null = null;
  #output = '';

  async start(): Promise<void> {
    const script = join(root, 'docs/examples/map-layers/start.js');
    const cli = `${process.execPath} ${join(root, 'dist/cli.js')}`;
    this.#example = spawn(process.execPath, [script, this.folder, cli], { cwd: this.folder });
    for (const stream of [this.#example.stdout, this.#example.stderr]) {
      stream!.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    }
    await until('the example is up', () => this.#output.includes('Next:'), this.#facts());
  }

  async remove(): Promise<void> {
    const example = this.#example;
    if (example?.exitCode === null) {
      example.kill('SIGTERM');
      await once(example, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a verb against the agent. */
  ask(...words: readonly string[]) {
    return sallyport([...words, '--config', join(this.folder, 'agent.yml')]);
  }

  async askJson<Answer>(...words: readonly string[]): Promise<Answer> {
    const { stdout, stderr } = await this.ask(...words, '--json');
    if (stdout === '') throw new Error(`${words.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as Answer;
  }

  /** Writes files (`null` removes one), commits and pushes them; gives the commit. */
  async push(files: Readonly<Record<string, string | null>>): Promise<string> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.folder, 'clone', path);
      if (text === null) rmSync(file);
      else {
        await mkdir(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    }
    this.#git('add', '-A');
    this.#git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-qm', 'Change');
    this.#git('push', '-q', 'origin', 'main');
    return this.#git('rev-parse', 'HEAD').trim();
  }

  /** The policy with a part of it replaced, to be pushed. */
  policy(from: string | RegExp, to: string): Readonly<Record<string, string>> {
    const path = '.github/sallyport.yml';
    const text = readFileSync(join(this.folder, 'clone', path), 'utf8');
    if (text.search(from) === -1) throw new Error(`the policy has no ${String(from)}`);
    return { [path]: text.replace(from, to) };
  }

  /** Names of the layers that the map server serves, or what it answers instead. */
  async layers(environment: string): Promise<string> {
    const address = /map server answers at (\S+);/.exec(this.#output)![1]!;
    const answer = await fetch(`${address}/${environment}/layers`);
    const body = (await answer.json()) as readonly { name: string }[];
    return Array.isArray(body) ? body.map(({ name }) => name).join() : String(answer.status);
  }

  async serves(environment: string, names: string): Promise<void> {
    const serving = async () => (await this.layers(environment)) === names;
    await until(`${environment} serves ${names}`, serving, this.#facts());
  }

  /** Waits until the newest deployment of the environment is of this commit and in this state. */
  async reaches(environment: string, commit: string, state: string): Promise<Deployed> {
    let last: unknown;
    const look = async () => {
      const { deployments } = await this.askJson<{ deployments: readonly Deployed[] }>(
        'history',
        environment,
      );
      last = deployments[0];
      return deployments.find((one) => one.commit === commit && one.state === state);
    };
    return await until(`${environment} is ${state} at ${commit}`, look, {
      facts: () => `${JSON.stringify(last)}\n${this.#output}`,
    });
  }

  /** Takes the repository away, or puts it back. */
  plug(state: 'in' | 'out'): void {
    const [here, away] = ['repository.git', 'away.git'].map((name) => join(this.folder, name));
    if (state === 'out') renameSync(here!, away!);
    else renameSync(away!, here!);
  }

  #git(...words: readonly string[]): string {
    return execFileSync('git', ['-C', join(this.folder, 'clone'), ...words], { encoding: 'utf8' });
  }

  #facts() {
    return { facts: () => this.#output };
  }
}
