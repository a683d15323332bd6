import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bundle = fileURLToPath(new URL('../../action/dist/index.js', import.meta.url));

export interface BundleRun {
  readonly code: number | null;
  /** Standard output and standard error: a runner takes commands from both. */
  readonly output: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface BundleFacts {
  readonly inputs: Readonly<Record<string, string>>;
  /** `GITHUB_…` beside, and instead of, what every run has. */
  readonly env?: Readonly<Record<string, string>>;
  readonly event?: unknown;
}

/** What action.yml gives where a workflow gives nothing; the runner does it. */
const defaults = { wait: 'false', timeout: '30m', config: '.github/sallyport.yml' };

/** Runs the committed bundle as a runner does: a process with an environment, inputs and files. */
export async function runBundle({ inputs, env = {}, event = {} }: BundleFacts): Promise<BundleRun> {
  const folder = mkdtempSync(join(tmpdir(), 'sp-step-'));
  const file = (name: string, text = ''): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [bundle], {
    env: {
      PATH,
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: 'http://127.0.0.1:9',
      GITHUB_SERVER_URL: 'http://127.0.0.1:9',
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_REPOSITORY_ID: '1',
      GITHUB_WORKSPACE: folder,
      GITHUB_EVENT_NAME: 'workflow_dispatch',
      GITHUB_ACTOR: 'mona',
      GITHUB_ACTOR_ID: '1',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_RUN_ID: '4711',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_JOB: 'deploy',
      GITHUB_ACTION: '__run',
      ...env,
      GITHUB_EVENT_PATH: file('event.json', JSON.stringify(event)),
      GITHUB_OUTPUT: file('output'),
      GITHUB_STEP_SUMMARY: file('summary.md'),
      ...Object.fromEntries(
        Object.entries({ ...defaults, ...inputs }).map(([name, value]) => [
          `INPUT_${name.toUpperCase()}`,
          value,
        ]),
      ),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  const outputs = outputsIn(readFileSync(join(folder, 'output'), 'utf8'));
  const summary = readFileSync(join(folder, 'summary.md'), 'utf8');
  rmSync(folder, { recursive: true, force: true });
  return { code, output, outputs, summary };
}

/** `name<<delimiter`, the value, the delimiter. */
function outputsIn(text: string): Readonly<Record<string, string>> {
  const found = text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name, , value]) => [name, value]));
}
