import { StepFailure } from '../target.ts';
import type { ProbeResult } from '../../ports/probe.ts';
import type { HttpRequest } from '../../config/check-request.ts';
import { assertSuccess } from '../failures.ts';
import { routeOf } from '../route.ts';
import { prepareProgram } from './program.ts';
import { fill, type World } from './world.ts';

/** Makes the program read its files again. `directory`: where they are now. */
export async function reload(world: World, directory: string, signal: AbortSignal): Promise<void> {
  const { reload: how } = world.config;
  if (how === undefined) return;
  if ('http' in how) {
    const answer = await send(world, how.http, signal);
    if (answer.problem !== null)
      throw new StepFailure('reload_failed', answer.problem, answer.said);
    world.progress(`${answer.asked} answered ${how.http.status}`);
  } else if ('signal' in how) {
    await sendSignal(world, how.signal);
  } else {
    const program = await prepareProgram(world, how, directory, 'reload');
    const result = await world.ports.programs.run(program, signal);
    assertSuccess(`reload (${how.command.join(' ')})`, 'reload_failed', result);
  }
}

export interface Answer {
  readonly asked: string;
  /** Why it is not the one that was wanted; `null` where it is. */
  readonly problem: string | null;
  /** The first lines of what came back. */
  readonly said: readonly string[];
}

/** Asks once. */
export async function send(
  world: World,
  { method, url, status, timeout }: HttpRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const filled = fill(world, url);
  const asked = `${method} ${filled}`;
  const result = await world.ports.probe.send({ method, url: filled, timeoutMs: timeout }, signal);
  signal.throwIfAborted();
  return { asked, problem: problemOf(asked, status, result), said: firstLines(result.body) };
}

function problemOf(asked: string, wanted: number, { status, error }: ProbeResult): string | null {
  if (status === wanted) return null;
  if (status === null) return `${asked} got no answer: ${error ?? 'none'}`;
  return `${asked} answered ${status}, not ${wanted}`;
}

function firstLines(body: string): readonly string[] {
  const lines = body.slice(0, 2_000).split('\n', 10);
  return lines.map((line) => line.slice(0, 300).trimEnd()).filter((line) => line !== '');
}

async function sendSignal(
  world: World,
  { unit, name }: { readonly unit: string; readonly name: NodeJS.Signals },
): Promise<void> {
  const { proxy, init } = world.ports;
  const route = routeOf(world.environment, unit);
  const slot = (await proxy.current(route))?.slot ?? null;
  if (slot === null) {
    throw new StepFailure(
      'reload_failed',
      `no slot of ${unit} has the traffic, so none gets ${name}`,
      [`deploy ${unit} first, in an earlier wave`],
    );
  }
  await init.signal(`${route}.${slot}`, name);
  world.progress(`${unit} (${slot}) got ${name}`);
}
