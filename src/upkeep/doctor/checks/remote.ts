import { ok, type Finding } from '../finding.ts';
import type { DoctorWorld } from '../world.ts';

/** Whether commits can be fetched. */
export async function checkRemote({
  config,
  probes,
  machine,
}: DoctorWorld): Promise<readonly Finding[]> {
  const { source } = config;
  if (source.directory !== undefined) {
    const facts = await machine.facts(source.directory);
    if (facts?.kind === 'folder') return [ok(`the folder ${source.directory} is there`)];
  }
  await probes.reachRemote();
  return [ok('the Git remote answers')];
}
