import { SallyportError } from '../../model/errors.ts';
import type { ProtectionWriter } from '../ports.ts';
import type { Ask } from './request.ts';

export function answerProtection(ask: Ask): ProtectionWriter {
  return {
    async answerRule({ run, environment, state, comment }) {
      try {
        await ask('POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule', {
          run_id: run,
          environment_name: environment,
          ...(state === null ? {} : { state }),
          comment,
        });
        return true;
      } catch (error) {
        if (error instanceof SallyportError && error.code === 'github_not_found') return false;
        throw error;
      }
    },
  };
}
