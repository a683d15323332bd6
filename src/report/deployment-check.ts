import type { DeploymentState } from '../model/deployment.ts';
import { changesTargets } from '../model/job.ts';
import {
  detailsOf,
  headlineOf,
  linkOfAnswer,
  type DeploymentComment,
} from './deployment-markdown.ts';
import { codeBlock, fitText } from './escape.ts';
import { planMarkdown } from './plan-markdown.ts';
import { stepLines } from './steps.ts';

/** A button under a check run. GitHub takes three of them. */
export interface CheckAction {
  /** At most 20 characters. */
  readonly label: string;
  /** At most 40 characters. */
  readonly description: string;
  /** At most 20 characters; what the webhook of a click carries. */
  readonly identifier: string;
}

type Conclusion = 'success' | 'failure' | 'neutral' | 'cancelled' | 'action_required';

/** A deployment as a check run of its commit, without what GitHub itself adds. */
export interface DeploymentCheck {
  readonly name: string;
  readonly sha: string;
  /** The deployment's id. */
  readonly externalId: string;
  /** Where people read on. */
  readonly detailsUrl: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  /** `null` while it is not completed. */
  readonly conclusion: Conclusion | null;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly title: string;
  /** Markdown, at most 65535 bytes, as `text`. */
  readonly summary: string;
  readonly text: string;
  readonly actions: readonly CheckAction[];
}

/** Begins the name of every check run of the App itself. */
const checkPrefix = 'sallyport / ';
/** The longest summary and the longest text, in bytes to be sure. */
const maxBody = 65_535;
/** Of the text, for the log; the plan has the rest. */
const maxLog = 20_000;

/** Whether a check run shows a deployment: it says nothing of the commit itself. */
export function isDeploymentCheck(name: string): boolean {
  return name.startsWith(checkPrefix);
}

/** The check run of a deployment; `notice` is what somebody who pressed a button was told, as Markdown. */
export function deploymentCheck(
  comment: DeploymentComment,
  actions: readonly CheckAction[],
  notice: string | null,
): DeploymentCheck {
  const { view, repositoryUrl, plan = null, steps = [] } = comment;
  const { deployment, job } = view;
  const [status, conclusion] = standOf(view.state, changesTargets(job.operation));
  const log = codeBlock(lastLines(stepLines(steps), maxLog));
  const logPart = steps.length === 0 ? [] : ['### Log', log];
  const room = maxBody - Buffer.byteLength(logPart.join('\n\n')) - 100;
  const planPart = plan === null ? [] : ['### Plan', planMarkdown(plan, room)];
  const said = notice === null ? [] : [notice];
  return {
    name: `${checkPrefix}${job.environment}${changesTargets(job.operation) ? '' : ' (plan)'}`,
    sha: job.sha,
    externalId: String(deployment),
    detailsUrl: linkOfAnswer(view, repositoryUrl),
    status,
    conclusion,
    startedAt: job.issued,
    title: headlineOf(view),
    summary: fitText([...said, ...detailsOf(comment)].join('\n\n'), maxBody),
    text: fitText([...planPart, ...logPart].join('\n\n'), maxBody),
    actions,
  };
}

/** What GitHub is shown of each state; people have to act where it awaits approval. */
function standOf(
  state: DeploymentState,
  changes: boolean,
): readonly [DeploymentCheck['status'], Conclusion | null] {
  switch (state) {
    case 'pending':
      return ['queued', null];
    case 'awaiting-approval':
      return ['completed', 'action_required'];
    case 'completed':
      // A plan is neither good nor bad news.
      return ['completed', changes ? 'success' : 'neutral'];
    case 'failed':
    case 'rolled-back':
      return ['completed', 'failure'];
    case 'rejected':
    case 'cancelled':
      return ['completed', 'cancelled'];
    case 'superseded':
    case 'skipped':
      return ['completed', 'neutral'];
    default:
      return ['in_progress', null];
  }
}

/** As many of the last lines as fit, and how many there were before them. */
function lastLines(lines: readonly string[], limit: number): readonly string[] {
  let left = limit;
  const from = lines.findLastIndex((line) => (left -= Buffer.byteLength(line) + 1) < 0) + 1;
  return from === 0 ? lines : [`… ${from} earlier lines are left out`, ...lines.slice(from)];
}
