import { findDeployment } from '../src/app/find-deployment.ts';
import type { DeploymentView } from '../src/deploy/fold-deployment.ts';
import type { LedgerReader, Reading } from '../src/deploy/reader.ts';
import { exitCodes, SallyportError, type ExitCode } from '../src/model/errors.ts';
import type { Step } from './step.ts';

/** How long a deployment may be missing: lists of GitHub lag behind by seconds. */
const patienceMs = 15_000;
/** Between two looks, in ms; an answer that has not changed costs nothing of GitHub's limit. */
const [shortestMs, longestMs] = [500, 5_000];

interface Followed {
  readonly view: DeploymentView;
  readonly reading: Reading;
}

/** How it stood when it was over, or when the time was up. */
export async function follow(
  deployment: number,
  reader: LedgerReader,
  { clock, log }: Step,
  timeoutMs: number,
  onChange: (view: DeploymentView) => Promise<void> = () => Promise.resolve(),
): Promise<Followed> {
  const began = clock.now();
  let last = '';
  for (let pause = shortestMs; ; pause = Math.min(pause * 1.5, longestMs)) {
    const reading = await reader.refresh();
    const view = findDeployment(deployment, reading)?.view;
    const words = view ? inWords(view) : '';
    if (view && words !== last) {
      log.info(`deployment ${deployment}: ${words}`);
      await onChange(view);
      pause = shortestMs;
    }
    last = words;
    const waited = clock.now() - began;
    if (view && (view.over || waited >= timeoutMs)) return { view, reading };
    if (!view && waited >= patienceMs) throw notFound(deployment);
    await clock.sleep(pause);
  }
}

/** `applying`, `pending (outside window)` */
export function inWords({ state, reason }: DeploymentView): string {
  return reason === 'none' ? state : `${state} (${reason.replaceAll('_', ' ')})`;
}

/** Ends at which what was asked for is as it was asked for. */
const good: readonly string[] = ['completed', 'skipped'];

export function exitOf({ over, state }: DeploymentView): ExitCode {
  if (!over) return exitCodes.stillRunning;
  return good.includes(state) ? exitCodes.done : exitCodes.failed;
}

function notFound(deployment: number): SallyportError {
  return new SallyportError({
    code: 'deployment_not_found',
    message: `There is no deployment ${deployment} that this key signed for this repository.`,
    hint: 'Give the output `deployment` of the step that made it, and the key that signed it.',
    exit: exitCodes.notFound,
  });
}
