import { handleButton } from './button.ts';
import { handleDeploymentStatus } from './deployment-status.ts';
import { readButton } from './events/button.ts';
import { readCheckSuite, readCommitStatus } from './events/checks.ts';
import { readComment } from './events/comment.ts';
import { readMerge } from './events/merge.ts';
import { readRule } from './events/protection-rule.ts';
import { readPullClosed } from './events/pull-request.ts';
import { readPush } from './events/push.ts';
import { readRelease } from './events/release.ts';
import { readStatus } from './events/status.ts';
import { handleIssueComment } from './issue-comment.ts';
import { handleMerge } from './merge.ts';
import { handleRelease } from './release.ts';
import { handleProtectionRule } from './protection-rule.ts';
import { handlePullClosed } from './pull-closed.ts';
import { handleChecks, handlePush } from './push.ts';
import type { AppWorld } from './world.ts';

/** Acts on an event. `open` is called by a handler that has something to do, and by no other. */
export type Handler = (payload: unknown, open: () => Promise<AppWorld>) => Promise<void>;

/** One handler an event, whoever received it: the App's server, or a workflow. */
export const handlers: Readonly<Record<string, Handler>> = {
  'issue_comment.created': (payload, open) => handleIssueComment(readComment(payload), open),
  push: (payload, open) => handlePush(readPush(payload), open),
  'release.published': (payload, open) => handleRelease(readRelease(payload), open),
  'check_run.requested_action': (payload, open) => handleButton(readButton(payload), open),
  'pull_request.closed': async (payload, open) => {
    await handlePullClosed(readPullClosed(payload), open);
    await handleMerge(readMerge(payload), open);
  },
  'check_suite.completed': (payload, open) => handleChecks(readCheckSuite(payload), open),
  status: (payload, open) => handleChecks(readCommitStatus(payload), open),
  'deployment_protection_rule.requested': (payload, open) =>
    handleProtectionRule(readRule(payload), open),
  'deployment_status.created': (payload, open) => handleDeploymentStatus(readStatus(payload), open),
};
