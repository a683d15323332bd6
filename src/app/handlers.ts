import type { Probot } from 'probot';
import type { Log } from '../ports/log.ts';
import { handleDeploymentStatus } from './deployment-status.ts';
import {
  readCheckSuite,
  readComment,
  readCommitStatus,
  readPush,
  readSource,
  readStatus,
} from './events.ts';
import { handleIssueComment } from './issue-comment.ts';
import { handleChecks, handlePush } from './push.ts';
import type { Worlds } from './worlds.ts';

/** One handler an event. A world is opened only by a handler that has something to do. */
export function handlersOn(probot: Probot, worlds: Worlds, log: Log): void {
  const opener = (payload: unknown) => () => worlds.open(readSource(payload));

  probot.on('issue_comment.created', async ({ payload }) => {
    await handleIssueComment(readComment(payload), opener(payload));
  });
  probot.on('push', async ({ payload }) => {
    await handlePush(readPush(payload), opener(payload));
  });
  probot.on('check_suite.completed', async ({ payload }) => {
    await handleChecks(readCheckSuite(payload), opener(payload));
  });
  probot.on('status', async ({ payload }) => {
    await handleChecks(readCommitStatus(payload), opener(payload));
  });
  probot.on('deployment_status.created', async ({ payload }) => {
    await handleDeploymentStatus(readStatus(payload), opener(payload));
  });
  probot.onError(({ message }) => log.error('handler failed', { error: message }));
}
