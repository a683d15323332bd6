import { fail, ok, type Finding } from '../finding.ts';
import type { DoctorWorld } from '../world.ts';

/** Whether each proxy that services here stand behind can do its work. */
export async function checkProxies({ drivers, probes }: DoctorWorld): Promise<readonly Finding[]> {
  const found = await Promise.all(
    drivers.map(async (driver) => {
      const problems = await probes.proxyProblems(driver);
      if (problems.length === 0) return [ok(`the proxy ${driver} is ready`)];
      return problems.map(({ message, hint }) => fail(`${driver}: ${message}`, hint));
    }),
  );
  return found.flat();
}
