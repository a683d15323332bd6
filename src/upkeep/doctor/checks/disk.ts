import { fail, ok, warn, type Finding } from '../finding.ts';
import type { DoctorWorld } from '../world.ts';

const mebi = 2 ** 20;
/** A release may have tens of thousands of files. */
const fewInodes = 50_000;

/** What is free where the state folder is, beside what the configuration asks for. */
export async function checkDisk({ machine, config }: DoctorWorld): Promise<readonly Finding[]> {
  const { state, free } = config;
  const { freeBytes, freeInodes, totalInodes } = await machine.space(state);
  const shown = `${Math.floor(freeBytes / mebi)} MiB`;
  const needed = `${Math.round(free / mebi)} MiB`;
  const hint = `See what takes it: du -xh --max-depth=2 ${state} | sort -h | tail`;
  const findings: Finding[] = [];
  if (freeBytes < free) {
    findings.push(
      fail(`${shown} are free for ${state}; below ${needed} (\`free\`) nothing is deployed.`, hint),
    );
  } else if (freeBytes < 2 * free) {
    findings.push(
      warn(`${shown} are free for ${state}, not much above the ${needed} of \`free\`.`, hint),
    );
  }
  if (totalInodes > 0 && freeInodes < fewInodes) {
    const say = freeInodes < fewInodes / 10 ? fail : warn;
    findings.push(say(`${freeInodes} more files fit where ${state} is (inodes).`, hint));
  }
  return findings.length > 0 ? findings : [ok(`${shown} are free for ${state}`)];
}
