import { loadSecrets } from '../secrets.ts';
import { failingAs } from '../failures.ts';
import { StepFailure, type Step } from '../target.ts';
import { placesOf } from './places.ts';
import { maxOutputBytes, readOutputs } from './read-outputs.ts';
import { assertEnded, logOf, runProgram, type ProgramRun } from './run-program.ts';
import { PlanFolder } from './saved-plan.ts';
import type { World } from './world.ts';

/** Whether what was applied holds, and what it gives; also asked long afterwards, at every reconcile. */
export function verifySteps(world: World): readonly Step[] {
  const step = (name: string, act: (signal: AbortSignal) => Promise<void>): Step => ({
    name,
    phase: 'verifying',
    run: (signal) => failingAs('verify_failed', signal, () => act(signal)),
  });
  return [
    step('verify', (signal) => verify(world, signal)),
    step('outputs', (signal) => takeOutputs(world, signal)),
  ];
}

async function verify(world: World, signal: AbortSignal): Promise<void> {
  const { config, state } = world;
  if (config.verify === undefined) return;
  const program = await laterProgram(world, 'verify', config.verify);
  const result = await runProgram(world, program, signal);
  const health = result.status === 0 ? 'healthy' : 'unhealthy';
  if ((await state.read()).applied?.sha === world.sha) await state.change({ health });
  assertEnded(program, 'verify_failed', result);
}

async function takeOutputs(world: World, signal: AbortSignal): Promise<void> {
  const { config, state, paths, version } = world;
  if (config.outputs === undefined) return;
  const program = await laterProgram(world, 'outputs', config.outputs);
  const reading = { capture: maxOutputBytes, unlogged: true };
  const result = await runProgram(world, { ...program, ...reading }, signal);
  assertEnded(program, 'verify_failed', result);
  if (result.stdout === undefined) {
    const most = `${maxOutputBytes / 1024} KiB`;
    throw new StepFailure('too_large', `outputs printed more than ${most}`, [
      'let it print only what later targets need',
    ]);
  }
  const secrets = await loadSecrets(paths.envRoot, version, config.env.secret);
  const outputs = readOutputs(result.stdout, Object.values(secrets));
  const { applied } = await state.read();
  if (applied?.sha !== world.sha) return;
  await state.change({ applied: { ...applied, outputs } });
}

/** A program that runs once the plan is applied. */
async function laterProgram(
  world: World,
  name: string,
  { run, timeout: timeoutMs }: { readonly run: ProgramRun['run']; readonly timeout: number },
): Promise<ProgramRun> {
  const { attempt } = await world.state.read();
  const plan = attempt?.plan ?? `${world.deployment}`;
  const planFile = new PlanFolder(world.plans, plan).file;
  const values = { plan_file: planFile, ...placesOf(attempt?.before ?? null) };
  return { name, run, timeoutMs, log: logOf(world), values };
}
