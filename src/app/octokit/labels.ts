import type { LabelWriter } from '../ports.ts';
import { orNull, type Ask } from './request.ts';

export function writeLabels(ask: Ask): LabelWriter {
  return {
    async addLabel(issue, label) {
      await ask('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
        issue_number: issue,
        labels: [label],
      });
    },

    async removeLabel(issue, label) {
      await orNull(
        ask('DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', {
          issue_number: issue,
          name: label,
        }),
      );
    },
  };
}
