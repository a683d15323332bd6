import type { Reason } from '../../model/reason.ts';
import { failingAs } from '../failures.ts';
import { StepFailure } from '../target.ts';
import type { World } from './world.ts';

/** Runs a part of a step that writes at the destination, and says what of the disk kept it from that. */
export function onDisk<T>(
  world: World,
  reason: Reason,
  signal: AbortSignal,
  act: () => Promise<T>,
): Promise<T> {
  return failingAs(reason, signal, async () => {
    try {
      return await act();
    } catch (thrown) {
      const { code, message } = thrown as NodeJS.ErrnoException;
      if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
        const hint = `let the agent's user write in the folder of ${world.destination}, and own what is in it`;
        throw new StepFailure('not_writable', message, [hint], thrown);
      }
      if (code === 'EBUSY') {
        const hint = `${world.destination} is where a disk is mounted; choose a folder in it as \`destination\``;
        throw new StepFailure(reason, message, [hint], thrown);
      }
      throw thrown;
    }
  });
}
