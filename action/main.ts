import { error, notice, setOutput, setSecret, summary, warning } from '@actions/core';
import { systemClock } from '../src/adapters/clock/system.ts';
import { createLog } from '../src/adapters/log/create-log.ts';
import { asSallyportError, exitCodes } from '../src/model/errors.ts';
import { readInputs, wrongInput, type Inputs } from './inputs.ts';
import { readRun } from './run.ts';
import type { Annotation, Mode, Outcome } from './step.ts';

/** One file a mode, evaluated only when it is asked for. */
const modes: ReadonlyMap<string, () => Promise<{ readonly run: Mode }>> = new Map([
  ['chatops', () => import('./chatops.ts')],
  ['deploy', () => import('./deploy.ts')],
  ['plan', () => import('./plan.ts')],
  ['rollback', () => import('./rollback.ts')],
  ['switch', () => import('./switch.ts')],
  ['validate', () => import('./validate.ts')],
  ['wait', () => import('./wait.ts')],
]);

const say = { error, warning, notice };

await tell(await act());

async function act(): Promise<Outcome> {
  const inputs = readInputs();
  hide(inputs);
  try {
    const mode = modes.get(inputs.mode);
    if (!mode) throw wrongInput('mode', `one of ${[...modes.keys()].join(', ')}`);
    const run = readRun(process.env);
    const { run: runMode } = await mode();
    return await runMode({ inputs, run, clock: systemClock, log: logWithout(inputs) });
  } catch (thrown) {
    return failure(thrown);
  }
}

/** The runner hides secrets that it knows; a key that came another way it does not. */
function hide({ token, 'signing-key': key }: Inputs): void {
  for (const secret of [token, key, ...key.split(/\r?\n/u)]) {
    if (secret.trim() !== '') setSecret(secret);
  }
}

function logWithout({ token, 'signing-key': key }: Inputs): ReturnType<typeof createLog> {
  // A runner takes `##[…]` anywhere in a line for a command to itself.
  const stream = { write: (text: string) => process.stdout.write(text.replaceAll('##[', '## [')) };
  const secrets = [token, key].filter((secret) => secret !== '');
  return createLog({ stream, clock: systemClock, secrets, prose: true });
}

async function tell({ exit, outputs, summary: text, annotations }: Outcome): Promise<void> {
  for (const annotation of annotations) annotate(annotation);
  for (const [name, value] of Object.entries(outputs)) setOutput(name, value);
  setOutput('exit-code', String(exit));
  if (text !== null && process.env['GITHUB_STEP_SUMMARY']) await summary.addRaw(text, true).write();
  process.exitCode = exit;
}

function annotate({ level, title, message, file, line, column }: Annotation): void {
  say[level](message, {
    title,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { startLine: line }),
    ...(column === undefined ? {} : { startColumn: column }),
  });
}

function failure(thrown: unknown): Outcome {
  const { code, message, hint, exit } = asSallyportError(thrown);
  // The App's own hint speaks of its installation.
  const isRefused = code === 'github_refused';
  const next = isRefused ? 'Compare `permissions:` of the job with docs/action.md.' : hint;
  return {
    exit: isRefused ? exitCodes.refused : exit,
    outputs: {},
    summary: null,
    annotations: [{ level: 'error', title: code, message: next ? `${message}\n${next}` : message }],
  };
}
