import { fail, ok, type Finding } from '../finding.ts';
import type { DoctorWorld } from '../world.ts';

const needed = [22, 20] as const;

/** The Node that runs this program. */
export async function checkNode({ node }: DoctorWorld): Promise<readonly Finding[]> {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const isEnough = major > needed[0] || (major === needed[0] && minor >= needed[1]);
  if (isEnough) return [ok(`Node ${node}`)];
  return [
    fail(`Node ${node} is too old.`, `Install ${needed.join('.')} or newer: https://nodejs.org`),
  ];
}
