import { isWaiting, type Decision } from './decide.ts';
import type { Refusal } from './refuse.ts';

/** What room there is on the disk of the state folder, in bytes. */
export interface DiskRoom {
  /** The state folder. */
  readonly path: string;
  readonly free: number;
  /** Without so much nothing new is deployed (`free` in agent.yml). */
  readonly needed: number;
}

/** Why there is no room for anything new; `null` where there is. */
export function refusalForRoom({ path, free, needed }: DiskRoom): Refusal | null {
  if (free >= needed) return null;
  return {
    reason: 'disk_full',
    message: `the disk of ${path} has ${sizeText(free)} free, and ${sizeText(needed)} are needed (free in agent.yml)`,
    details: [`see what takes the space: du -xh --max-depth=3 ${path} | sort -h | tail -n 20`],
  };
}

/** Whether a turn would put something new on the disk: going back and moving traffic go on without room. */
export function needsRoom(turn: Exclude<Decision, { kind: 'wait' }>): boolean {
  if (turn.kind !== 'act' || turn.direction !== 'forward' || !isWaiting(turn.unit)) return false;
  return turn.deployment.job.operation === 'deploy';
}

/** `512 MiB`, `1.5 GiB`; rounded down, so that it never says more than there is. */
function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const count = Math.floor((bytes / 1024 ** power) * 10) / 10;
  return `${count} ${units[power]}`;
}
