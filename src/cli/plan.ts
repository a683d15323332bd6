import { setTimeout as pause } from 'node:timers/promises';
import type { PlanAnswer } from '../agent/local/plan-of.ts';
import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import type { HistoryJson } from '../report/history-json.ts';
import { planText } from '../report/plan-text.ts';
import { askAgentJson } from './agent-client.ts';
import { findSocket } from './agent-socket.ts';
import { askAct } from './ask-act.ts';
import { durationOption, paramsOption, textOption } from './option-values.ts';
import { coloursOf, widthOf } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

const defaultTimeoutMs = 5 * 60_000;
/** Between two looks, in ms. */
const lookMs = 200;
/** With --exit-code, as OpenTofu's -detailed-exitcode has it. */
const changesExit = 2;

/** Shows what a deployment would change; nothing is touched. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const environment = args.words[0]!;
  const timeoutMs = durationOption(args, 'timeout', defaultTimeoutMs);
  const socket = await findSocket(args, world);
  const ref = textOption(args, 'ref');
  const params = paramsOption(args);
  const { deployment } = await askAct({ verb: 'plan', environment, ref, params }, socket, world);
  const plan = await planned(deployment!, timeoutMs, socket, world.signal);
  const { state: _state, complete: _complete, failure, ...document } = plan;
  if (failure !== null) {
    throw failed(deployment!, failure, await saidOf(deployment!, environment, socket));
  }
  if (args.json) world.stdout.write(`${JSON.stringify({ ...document, deployment })}\n`);
  else {
    const { isColorSupported: colour } = coloursOf(world.stdout, world.env);
    world.stdout.write(planText(document, { colour, width: widthOf(world) }));
  }
  const hasChanges = plan.targets.some(({ changes }) => changes.length > 0);
  return args.options['exit-code'] === true && hasChanges ? changesExit : exitCodes.done;
}

async function planned(
  deployment: string,
  timeoutMs: number,
  socket: string,
  signal: AbortSignal,
): Promise<PlanAnswer> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const plan = await askAgentJson<PlanAnswer>(socket, `/plans/${deployment}`);
    if (plan.complete || plan.failure !== null) return plan;
    if (signal.aborted || Date.now() >= end) throw notYet(deployment, plan.state);
    await pause(lookMs, undefined, { signal }).catch(() => undefined);
  }
}

/** What a host said when it could not plan: the file, the line; '' where nobody said anything. */
async function saidOf(deployment: string, environment: string, socket: string): Promise<string> {
  const query = `environment=${encodeURIComponent(environment)}`;
  const { deployments } = await askAgentJson<HistoryJson>(socket, `/history?${query}`);
  const events = deployments.find(({ id }) => id === deployment)?.events ?? [];
  const words = events.findLast(({ state }) => state === 'failed')?.words ?? '';
  return words.replace(/^\S+ failed: /, '');
}

function failed(deployment: string, reason: string, said: string): SallyportError {
  return new SallyportError({
    code: reason,
    message: `The plan could not be made: ${said === '' ? reason.replaceAll('_', ' ') : said}`,
    hint: `sallyport logs ${deployment}`,
    exit: exitCodes.failed,
  });
}

function notYet(deployment: string, state: string): SallyportError {
  return new SallyportError({
    code: 'still_running',
    message: `The plan is not made yet: deployment ${deployment} is ${state}.`,
    hint: `sallyport logs ${deployment} --follow`,
    exit: exitCodes.stillRunning,
  });
}
