import { fail, ok, type Finding } from '../finding.ts';
import type { DoctorWorld } from '../world.ts';

/** Whether what starts the services here can start them. */
export async function checkInits({ services, probes }: DoctorWorld): Promise<readonly Finding[]> {
  const inits = [...new Set(services.map(({ init }) => init))];
  const found = await Promise.all(
    inits.map(async (init) => {
      const problems = await probes.initProblems(init);
      if (problems.length === 0) return [ok(`init: ${init} can start services`)];
      return problems.map(({ message, hint }) => fail(`init: ${init}: ${message}`, hint));
    }),
  );
  return found.flat();
}
