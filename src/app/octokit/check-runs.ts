import { z } from 'zod';
import type { DeploymentCheck } from '../../report/deployment-check.ts';
import type { CheckWriter } from '../ports.ts';
import type { Ask } from './request.ts';

const Run = z.object({ id: z.int(), external_id: z.string().nullable(), status: z.string() });
const RunPage = z.object({ check_runs: z.array(Run) });

export function writeCheckRuns(ask: Ask): CheckWriter {
  return {
    async findCheck({ sha, name, externalId }) {
      const { check_runs } = RunPage.parse(
        await ask('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
          ref: sha,
          check_name: name,
          filter: 'all',
          per_page: 100,
        }),
      );
      const ours = check_runs.filter(({ external_id }) => external_id === externalId);
      const newest = ours.toSorted((a, b) => b.id - a.id)[0];
      return newest ? { id: newest.id, isCompleted: newest.status === 'completed' } : null;
    },

    async createCheck(check) {
      const made = await ask('POST /repos/{owner}/{repo}/check-runs', {
        name: check.name,
        head_sha: check.sha,
        external_id: check.externalId,
        ...fieldsOf(check),
        // One that GitHub made without telling us would be made twice.
        request: { retries: 0 },
      });
      return Run.parse(made).id;
    },

    async updateCheck(id, check) {
      await ask('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
        check_run_id: id,
        ...fieldsOf(check),
      });
    },
  };
}

function fieldsOf(check: DeploymentCheck): Readonly<Record<string, unknown>> {
  const { detailsUrl, status, conclusion, startedAt, title, summary, text, actions } = check;
  return {
    details_url: detailsUrl,
    started_at: startedAt,
    // A conclusion completes a check run by itself.
    ...(conclusion === null ? { status } : { status, conclusion }),
    output: { title, summary, ...(text === '' ? {} : { text }) },
    actions,
  };
}
