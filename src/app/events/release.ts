import { z } from 'zod';
import type { Person } from '../ports.ts';
import { Account } from './account.ts';

/** A release that was published. */
export interface ReleaseEvent {
  readonly tag: string;
  /** GitHub calls it not ready for production. */
  readonly isPrerelease: boolean;
  readonly sender: Person;
}

const Release = z
  .object({
    release: z.object({ tag_name: z.string(), prerelease: z.boolean() }),
    sender: Account,
  })
  .transform(({ release, sender }): ReleaseEvent => ({
    tag: release.tag_name,
    isPrerelease: release.prerelease,
    sender: { id: sender.id, login: sender.login },
  }));

/** Reads only the fields that are used; throws where one of them is not as GitHub promises. */
export const readRelease = (payload: unknown): ReleaseEvent => Release.parse(payload);
