import { z } from 'zod';
import { Sha } from '../../model/job.ts';
import type { PullReader } from '../ports.ts';
import type { Ask } from './request.ts';

const Pull = z.object({
  state: z.string(),
  user: z.object({ login: z.string() }).nullable(),
  head: z.object({
    sha: Sha,
    ref: z.string(),
    repo: z.object({ id: z.number() }).nullable(),
  }),
  base: z.object({ repo: z.object({ id: z.number() }) }),
});

export function readPulls(ask: Ask): PullReader {
  return {
    async pull(number) {
      const { state, user, head, base } = Pull.parse(
        await ask('GET /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: number }),
      );
      return {
        number,
        isOpen: state === 'open',
        author: user?.login ?? 'ghost',
        head: { sha: head.sha, branch: head.ref, repository: head.repo?.id ?? null },
        base: { repository: base.repo.id },
      };
    },
  };
}
