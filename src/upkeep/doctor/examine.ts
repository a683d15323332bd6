import { asSallyportError } from '../../model/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { fail, type Finding } from './finding.ts';
import type { Check, DoctorWorld } from './world.ts';

/** A finding, and which check found it. */
export interface Found extends Finding {
  readonly check: string;
}

/** No check may keep the others from being told. */
const patienceMs = 15_000;

/** Runs all checks side by side. Never rejects: a check that fails or takes too long is a finding itself. */
export async function examine(
  checks: readonly Check[],
  world: DoctorWorld,
  clock: Pick<Clock, 'sleep'>,
): Promise<readonly Found[]> {
  const found = await Promise.all(checks.map((check) => findingsOf(check, world, clock)));
  return found.flatMap((findings, at) =>
    findings.map((finding) => ({ check: checks[at]!.name, ...finding })),
  );
}

async function findingsOf(
  { name, run }: Check,
  world: DoctorWorld,
  clock: Pick<Clock, 'sleep'>,
): Promise<readonly Finding[]> {
  const done = new AbortController();
  const late = clock
    .sleep(patienceMs, done.signal)
    .then(() => [fail(`${name} took longer than ${patienceMs / 1000} s.`)])
    .catch(() => []);
  try {
    return await Promise.race([run(world), late]);
  } catch (error) {
    const { message, hint } = asSallyportError(error);
    return [fail(message, hint)];
  } finally {
    done.abort();
  }
}

/** Whether the agent can do its work: warnings do not keep it from it. */
export function isFit(found: readonly Found[]): boolean {
  return found.every(({ state }) => state !== 'fail');
}
