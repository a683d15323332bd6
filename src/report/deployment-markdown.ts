import { isStateOperation } from '../model/job.ts';
import { codeBlock, codeSpan, fitComment, maxComment, prose } from './escape.ts';
import { gateWarnings } from './gate-warnings.ts';
import type { PlanJson } from './plan-json.ts';
import { planMarkdown } from './plan-markdown.ts';
import { shortPlan } from './plan-words.ts';
import type { ReportedDeployment, ReportedUnit } from './views.ts';
import {
  durationInWords,
  marks,
  nextWords,
  operationInWords,
  reasonInWords,
  shortSha,
} from './words.ts';

export interface DeploymentComment {
  readonly view: ReportedDeployment;
  /** Where the repository is shown: `https://github.com/acme/shop`. */
  readonly repositoryUrl: string;
  /** What a host or a person said of how it ended; `null` where nothing is known. */
  readonly note: string | null;
  /** The deployment that this one waits for; `null` where it waits for none. */
  readonly behind: number | null;
  /** What keeps it waiting, in words. */
  readonly waits?: readonly Waiting[];
  /** Who has to approve, where somebody has to. */
  readonly approval?: ApprovalStand | null;
  /** What would change, of the targets whose plans could be read. */
  readonly plan?: PlanJson | null;
  /** What hosts said of plans that could not be read. */
  readonly planNotes?: readonly string[];
}

/** A gate that is closed. */
export interface Waiting {
  readonly message: string;
  readonly hint: string | null;
}

export interface ApprovalStand {
  /** Of all plans together; `null` before there is one of every target. */
  readonly digest: string | null;
  readonly given: number;
  /** `null` where nobody knows. */
  readonly needed: number | null;
  /** Approvals of an earlier plan. */
  readonly voidCount: number;
}

/** The one answer to a command, written anew whenever the deployment moves. */
export function deploymentComment(comment: DeploymentComment): string {
  const { view, repositoryUrl, note, behind, waits = [], approval = null } = comment;
  const { job } = view;
  const digest = approval?.digest ?? null;
  const parts = [
    marker(view.deployment),
    `### ${marks[view.state]} ${operationInWords(job.operation)} ${codeSpan(job.environment)}: ${headline(view)}`,
    whose(view, repositoryUrl),
    ...gateWarnings(job.gates).map((warning) => `⚠️ ${warning}`),
    ...(behind === null ? [] : [`It waits until deployment ${behind} is over.`]),
    ...waits.map(({ message, hint }) => prose([message, ...(hint ? [hint] : [])].join('. '))),
    ...(approval === null ? [] : [approvalWords(approval)]),
    ...(view.units.length === 0 ? [] : [unitTable(view)]),
    ...(note === null ? [] : [codeBlock(note.split('\n'))]),
  ];
  const end = [
    `Next: ${nextWords(view, digest === null ? null : shortPlan(digest))
      .map((words) => `\`${words}\``)
      .join(' · ')}`,
    footer(view, repositoryUrl),
  ];
  const taken = Buffer.byteLength([...parts, ...end].join('\n\n'));
  const plan = planParts(comment, maxComment - taken - spare);
  return fitComment([...parts, ...plan, ...end].join('\n\n'));
}

/** For the lines between the parts, in bytes. */
const spare = 100;

/** Hidden in every answer; by it people and programs find the deployment again. */
function marker(deployment: number): string {
  return `<!-- sallyport deployment=${deployment} -->`;
}

function headline(view: ReportedDeployment): string {
  const reason = view.reason === view.state ? '' : reasonInWords(view.reason);
  const isInstant = isStateOperation(view.job.operation);
  const took =
    view.endedAt === null || isInstant
      ? ''
      : ` after ${durationInWords(view.endedAt - issuedAt(view))}`;
  return `**${view.state}**${reason ? `, ${reason}` : ''}${took}`;
}

function whose({ job }: ReportedDeployment, repositoryUrl: string): string {
  const by = `asked for by ${codeSpan(job.actor.login)}`;
  const { reason, until } = job.params;
  const why = reason === undefined ? '' : `: ${prose(reason)}`;
  const end = until === undefined ? '' : ` It ends by itself at ${codeSpan(until)}.`;
  if (isStateOperation(job.operation)) return `It was ${by}${why}.${end}`;
  return `${commitLink(repositoryUrl, job.sha)} from ${codeSpan(job.ref)}, ${by}${why}.`;
}

function approvalWords({ digest, given, needed, voidCount }: ApprovalStand): string {
  const plan = digest === null ? 'the plan' : `plan ${codeSpan(shortPlan(digest))}`;
  const of = needed === null ? '' : ` of ${needed}`;
  const people = (needed ?? given) === 1 ? 'person has' : 'people have';
  const gone =
    voidCount === 0
      ? ''
      : ` ${voidCount === 1 ? 'An approval is' : `${voidCount} approvals are`} void: the plan has changed since.`;
  return `${given}${of} ${people} approved ${plan}.${gone}`;
}

function planParts({ plan, planNotes = [] }: DeploymentComment, limit: number): readonly string[] {
  const notes = planNotes.length === 0 ? [] : [notesPart(planNotes)];
  const left = limit - Buffer.byteLength(notes.join(''));
  return [...(plan ? [planMarkdown(plan, left)] : []), ...notes];
}

function notesPart(notes: readonly string[]): string {
  const summary = '<details><summary>What hosts said of their plans</summary>';
  return [summary, codeBlock(notes.flatMap((note) => note.split('\n'))), '</details>'].join('\n\n');
}

function unitTable(view: ReportedDeployment): string {
  const rows = view.units.map((unit) => unitRow(unit, view));
  return [
    '| host | target | state | why | since the start |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function unitRow(unit: ReportedUnit, view: ReportedDeployment): string {
  const since = unit.state === 'waiting' ? '' : durationInWords(unit.at - issuedAt(view));
  const why = reasonInWords(unit.reason);
  return `| ${unit.host === null ? '' : codeSpan(unit.host)} | ${codeSpan(unit.target)} | ${unit.state} | ${why} | ${since} |`;
}

function footer({ deployment, job }: ReportedDeployment, repositoryUrl: string): string {
  const environments = `${repositoryUrl}/deployments/${encodeURIComponent(job.environment)}`;
  return `<sub>[Deployment ${deployment}](${environments}) · policy ${commitLink(repositoryUrl, job.policy)}</sub>`;
}

function commitLink(repositoryUrl: string, sha: string): string {
  return `[\`${shortSha(sha)}\`](${repositoryUrl}/commit/${sha})`;
}

function issuedAt({ job }: ReportedDeployment): number {
  return Date.parse(job.issued);
}
