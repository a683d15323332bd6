import { latestStatuses } from '../acts/checks.ts';
import { addDeployment } from '../acts/deployments.ts';
import { mergeInto } from '../acts/merge.ts';
import { appOf } from '../auth/actor.ts';
import { aheadBehind } from '../git/read-commit.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { ApiError } from '../http/errors.ts';
import { fieldsOf } from '../http/fields.ts';
import { deploymentJson } from '../json/deployment.ts';
import { created } from './answers.ts';
import { resolveCommit } from './resolve.ts';

/** Creates a deployment, unless GitHub's own checks and its merging of the default branch come first. */
export async function createDeployment(call: Call): Promise<Answer> {
  const { world, repository } = call;
  const fields = fieldsOf('Deployment', call.body);
  const ref = fields.text('ref');
  const environment = fields.optionalText('environment', 255) ?? 'production';
  const description = fields.optionalText('description', 140) ?? null;
  const task = fields.optionalText('task', 128) ?? 'deploy';
  const contexts = fields.texts('required_contexts');
  const sha = await resolveCommit(repository, ref);
  if (sha === undefined) throw new ApiError(422, `No ref found for: ${ref}`);
  if (fields.flag('auto_merge', true)) {
    const merged = await autoMerge(call, ref, sha);
    if (merged) return merged;
  }
  requireContexts(call, ref, sha, contexts);
  const deployment = addDeployment(world, repository, {
    creator: call.account,
    app: appOf(call.actor),
    sha,
    ref,
    task,
    environment,
    payload: payloadOf(call.body['payload']),
    description,
    transient: fields.flag('transient_environment', false),
    production: fields.flag('production_environment', environment === 'production'),
  });
  return created(deploymentJson(world, repository, deployment));
}

/** A branch that is behind the default branch is brought up to date first: 202, and no deployment. */
async function autoMerge(call: Call, ref: string, sha: string): Promise<Answer | undefined> {
  const { world, repository } = call;
  const { defaultBranch, directory } = repository;
  const head = repository.refs.get(`refs/heads/${defaultBranch}`);
  const isBranch = repository.refs.has(`refs/heads/${ref}`);
  if (!isBranch || head === undefined || ref === defaultBranch) return undefined;
  const { behind } = await aheadBehind(directory, head, sha);
  if (behind === 0) return undefined;
  const merge = await mergeInto(world, repository, {
    actor: call.account,
    branch: ref,
    from: head,
    message: `Merge branch '${defaultBranch}' into ${ref}`,
  });
  if (merge === undefined) {
    throw new ApiError(409, `Conflict merging ${defaultBranch} into ${ref}`);
  }
  return {
    status: 202,
    body: { message: `Auto-merged ${defaultBranch} into ${ref} on deployment.` },
  };
}

/** Every status of the commit must be a success; or those named; or, with an empty list, none. */
function requireContexts(
  call: Call,
  ref: string,
  sha: string,
  contexts: readonly string[] | undefined,
): void {
  const states = new Map([
    ...latestStatuses(call.repository, sha).map(({ context, state }) => [context, state] as const),
    ...call.repository.checkRuns
      .filter((run) => run.sha === sha)
      .map((run) => [run.name, run.conclusion ?? 'pending'] as const),
  ]);
  const needed = contexts ?? [...states.keys()];
  if (needed.every((context) => states.get(context) === 'success')) return;
  const shown = needed.map((context) => ({ context, state: states.get(context) ?? 'missing' }));
  const problem = {
    contexts: shown,
    resource: 'Deployment',
    field: 'required_contexts',
    code: 'invalid',
  };
  throw new ApiError(409, `Conflict: Commit status checks failed for ${ref}.`, {
    errors: [problem],
  });
}

function payloadOf(payload: unknown): unknown {
  if (payload === undefined || payload === null || payload === '') return {};
  if (typeof payload === 'string' || typeof payload === 'object') return payload;
  throw new ApiError(422, "Invalid request.\n\nFor 'properties/payload', it must be an object.");
}
