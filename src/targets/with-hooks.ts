import type { TargetContext } from './context.ts';
import { failingAs } from './failures.ts';
import { clearHooks, runHook, type HookName } from './run-hook.ts';
import { StepFailure, type Step, type StepPhase, type Target } from './target.ts';

/**
 * A target of any kind with the programs of the commit around it: `before` ahead of everything that
 * changes something, `after` once all is verified, `on_failure` when it was rolled back. A hook that
 * was cut off is run again, as every step is.
 */
export function withHooks(target: Target, context: TargetContext): Target {
  const { hooks } = context.config;
  if (hooks === undefined) return target;
  const run = async (name: HookName, signal: AbortSignal): Promise<void> => {
    const url = name === 'after' ? (await target.status()).url : null;
    await runHook(context, hooks, name, url, signal);
  };
  const step = (name: HookName, phase: StepPhase): readonly Step[] =>
    hooks[name] === undefined
      ? []
      : [
          {
            name: stepNames[name],
            phase,
            run: (signal) => failingAs('hook_failed', signal, () => run(name, signal)),
          },
        ];
  // What was staged has been prepared for already, and is not in force yet.
  const before = context.operation === 'switch' ? [] : step('before', 'applying');
  const after = target.stopsAt === 'staged' ? [] : step('after', 'verifying');
  const clear = (phase: StepPhase): Step => ({
    name: 'clear-hooks',
    phase,
    run: (signal) => failingAs('internal', signal, () => clearHooks(context)),
  });
  return {
    ...target,
    steps: [...beforeApplying(target.steps, before), ...after],
    rollback: [
      ...target.rollback,
      ...step('on_failure', 'rolling-back').map((each) => onlyTold(each, context)),
      clear('rolling-back'),
    ],
    settle: [...target.settle, clear('settling')],
  };
}

const stepNames: Readonly<Record<HookName, string>> = {
  before: 'hook-before',
  after: 'hook-after',
  on_failure: 'hook-on-failure',
};

function beforeApplying(steps: readonly Step[], before: readonly Step[]): readonly Step[] {
  const place = steps.findIndex(({ phase }) => phase !== 'planning' && phase !== 'backing-up');
  const at = place < 0 ? steps.length : place;
  return [...steps.slice(0, at), ...before, ...steps.slice(at)];
}

/** The target is as it was before: a program that fails to say so changes nothing of that. */
function onlyTold(step: Step, context: TargetContext): Step {
  return {
    ...step,
    async run(signal) {
      try {
        await step.run(signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof StepFailure)) throw error;
        for (const line of [error.message, ...error.details]) context.progress(line);
      }
    },
  };
}
