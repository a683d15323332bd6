import { z } from 'zod';
import type { Repository } from '../ports.ts';

/** Where an event comes from. */
export interface EventSource {
  readonly installation: number;
  readonly repository: Repository;
}

/** What every event that the App acts on has. */
const Source = z
  .object({
    installation: z.object({ id: z.int() }),
    repository: z.object({
      id: z.int(),
      name: z.string(),
      html_url: z.string(),
      default_branch: z.string(),
      owner: z.object({ login: z.string() }),
    }),
  })
  .transform(({ installation, repository }): EventSource => ({
    installation: installation.id,
    repository: {
      id: repository.id,
      owner: repository.owner.login,
      name: repository.name,
      defaultBranch: repository.default_branch,
      url: repository.html_url,
    },
  }));

/** Reads only the fields that are used; throws where one of them is not as GitHub promises. */
export const readSource = (payload: unknown): EventSource => Source.parse(payload);
