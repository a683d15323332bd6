import { commitOfRun } from './ask-for-job.ts';
import { wrongInput } from './inputs.ts';
import type { Step } from './step.ts';

const someSha = /^[0-9a-f]{7,40}$/u;

/** What `ref` and `sha` name; without both, the commit of the run. */
export async function namedCommit(
  step: Step,
): Promise<{ readonly ref: string | null; readonly sha: string | null }> {
  const { ref, sha } = step.inputs;
  if (ref !== '' && sha !== '') throw wrongInput('sha', 'absent where `ref` is given');
  if (ref !== '') return { ref: ref.replace(/^refs\/(?:heads|tags)\//u, ''), sha: null };
  const named = (sha === '' ? await commitOfRun(step) : sha).toLowerCase();
  if (!someSha.test(named)) throw wrongInput('sha', '7 to 40 hexadecimal digits');
  return { ref: null, sha: named };
}
