import { isStateOperation } from '../model/job.ts';
import { codeBlock, codeSpan, fitComment, maxComment, prose } from './escape.ts';
import { gateWarnings } from './gate-warnings.ts';
import { stepList, type ReportedStep } from './steps.ts';
import type { PlanJson } from './plan-json.ts';
import { planMarkdown } from './plan-markdown.ts';
import { shortPlan } from './plan-words.ts';
import type { ReportedDeployment, ReportedHost, ReportedUnit } from './views.ts';
import { fillTemplate, inlineValue } from './template.ts';
import {
  durationInWords,
  marks,
  nextWords,
  operationInWords,
  reasonInWords,
  shortSha,
  switchWords,
} from './words.ts';

export interface DeploymentComment {
  readonly view: ReportedDeployment;
  /** Where the repository is shown: `https://github.com/acme/shop`. */
  readonly repositoryUrl: string;
  /** What a host or a person said of how it ended; `null` where nothing is known. */
  readonly note: string | null;
  /** The deployment that this one waits for; `null` where it waits for none. */
  readonly behind: {
    readonly deployment: number;
    readonly ref: string;
    readonly by: string;
  } | null;
  /** How far its hosts are, where they follow each other in batches. */
  readonly hosts?: readonly ReportedHost[];
  /** What keeps it waiting, in words. */
  readonly waits?: readonly Waiting[];
  /** Who has to approve, where somebody has to. */
  readonly approval?: ApprovalStand | null;
  /** Its targets that are healthy in their idle slots and wait for a person who moves the traffic. */
  readonly staged?: readonly string[];
  /** What would change, of the targets whose plans could be read. */
  readonly plan?: PlanJson | null;
  /** What hosts said of plans that could not be read. */
  readonly planNotes?: readonly string[];
  /** What hosts and people said of it, oldest first. */
  readonly steps?: readonly ReportedStep[];
  /** Whether a check run of the commit shows all that is too long for a comment. */
  readonly hasCheck?: boolean;
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

/** How many steps a comment lists; the check run has more. */
const shownSteps = 12;

/**
 * The one answer to a command, written anew whenever the deployment moves; laid out as `template`
 * says, where there is one.
 */
export function deploymentComment(comment: DeploymentComment, template?: string | null): string {
  if (template) return fromTemplate(comment, template);
  const { view } = comment;
  const parts = [marker(view.deployment), headingOf(view), ...aboutOf(comment)];
  const end = [nextPart(comment), footer(view, comment.repositoryUrl)];
  const taken = Buffer.byteLength([...parts, ...end].join('\n\n'));
  const plan = planParts(comment, maxComment - taken - spare);
  return fitComment([...parts, ...plan, ...end].join('\n\n'));
}

function fromTemplate(comment: DeploymentComment, template: string): string {
  const { view, repositoryUrl } = comment;
  const { job, deployment, state } = view;
  const inline = {
    state,
    operation: operationInWords(job.operation),
    environment: inlineValue(job.environment),
    commit: shortSha(job.sha),
    ref: inlineValue(job.ref),
    actor: inlineValue(job.actor.login),
    deployment: String(deployment),
    link: linkOfAnswer(view, repositoryUrl),
  };
  const about = aboutOf(comment).join('\n\n');
  const block = {
    headline: headingOf(view),
    about,
    plan: '',
    next: nextPart(comment),
    footer: footer(view, repositoryUrl),
  };
  const begin = `${marker(deployment)}\n\n`;
  const without = begin + fillTemplate(template, { inline, block });
  const times = template.match(/\{\{\s*plan\s*\}\}/gu)?.length ?? 0;
  const room = maxComment - Buffer.byteLength(without) - spare;
  const plan = times === 0 ? '' : planParts(comment, Math.floor(room / times)).join('\n\n');
  return fitComment(begin + fillTemplate(template, { inline, block: { ...block, plan } }));
}

function headingOf(view: ReportedDeployment): string {
  const { operation, environment } = view.job;
  return `### ${marks[view.state]} ${operationInWords(operation)} ${codeSpan(environment)}: ${headline(view)}`;
}

/** One line for a check run's title: `deploy to production: completed after 12 s`. */
export function headlineOf(view: ReportedDeployment): string {
  const { operation, environment } = view.job;
  return `${operationInWords(operation)} ${environment}: ${headline(view).replaceAll('**', '')}`;
}

/** What a check run says of a deployment, without its plan. */
export function detailsOf(comment: DeploymentComment): readonly string[] {
  const { view, repositoryUrl } = comment;
  return [...aboutOf(comment), nextPart(comment), footer(view, repositoryUrl)];
}

/** Where the deployment is spoken of: the comment that answers its command, or GitHub's page of its environment. */
export function linkOfAnswer({ job }: ReportedDeployment, repositoryUrl: string): string {
  const { reply, environment } = job;
  return reply
    ? `${repositoryUrl}/issues/${reply.issue}#issuecomment-${reply.comment}`
    : `${repositoryUrl}/deployments/${encodeURIComponent(environment)}`;
}

function aboutOf(comment: DeploymentComment): readonly string[] {
  const { view, repositoryUrl, note, behind, hosts = [], waits = [], approval = null } = comment;
  const { staged = [], steps = [] } = comment;
  return [
    whose(view, repositoryUrl),
    ...gateWarnings(view.job.gates).map((warning) => `⚠️ ${warning}`),
    ...(behind === null
      ? []
      : [
          `It waits behind deployment ${behind.deployment} of ${codeSpan(behind.ref)} by ${codeSpan(behind.by)}.`,
        ]),
    ...waits.map(({ message, hint }) => prose([message, ...(hint ? [hint] : [])].join('. '))),
    ...(approval === null ? [] : [approvalWords(approval)]),
    ...(staged.length === 0 ? [] : [stagedWords(staged, view)]),
    ...(view.units.length === 0 ? [] : unitParts(view, hosts)),
    ...(steps.length === 0 ? [] : [stepList(steps, issuedAt(view), shownSteps)]),
    ...(note === null ? [] : [codeBlock(note.split('\n'))]),
  ];
}

function nextPart({ view, approval = null, staged = [] }: DeploymentComment): string {
  const digest = approval?.digest ?? null;
  const words = nextWords(view, { plan: digest === null ? null : shortPlan(digest), staged });
  return `Next: ${words.map((one) => `\`${one}\``).join(' · ')}`;
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

function stagedWords(staged: readonly string[], { job }: ReportedDeployment): string {
  const names = staged.map(codeSpan).join(', ');
  const where =
    staged.length === 1 ? 'is healthy in its idle slot' : 'are healthy in their idle slots';
  return `${names} ${where}; the traffic has not moved. To move it, type \`/${switchWords(job.environment, staged)}\`.`;
}

function planParts(comment: DeploymentComment, limit: number): readonly string[] {
  const { plan = null, planNotes = [], hasCheck = false, view, repositoryUrl } = comment;
  const notes = planNotes.length === 0 ? [] : [notesPart(planNotes)];
  if (plan === null) return notes;
  const left = limit - Buffer.byteLength(notes.join(''));
  const whole = planMarkdown(plan);
  if (Buffer.byteLength(whole) <= left) return [whole, ...notes];
  const checks = `${repositoryUrl}/commit/${view.job.sha}/checks`;
  const more = hasCheck
    ? [`More of the plan stands in the [check run of the commit](${checks}).`]
    : [];
  const room = left - Buffer.byteLength(more.join(''));
  return [planMarkdown(plan, room), ...more, ...notes];
}

function notesPart(notes: readonly string[]): string {
  const summary = '<details><summary>What hosts said of their plans</summary>';
  return [summary, codeBlock(notes.flatMap((note) => note.split('\n'))), '</details>'].join('\n\n');
}

/** With batches, what people look for first is where each host stands. */
function unitParts(view: ReportedDeployment, hosts: readonly ReportedHost[]): readonly string[] {
  if (hosts.length === 0) return [unitTable(view)];
  const details = ['<details><summary>Targets</summary>', unitTable(view), '</details>'];
  return [hostTable(hosts), details.join('\n\n')];
}

function hostTable(hosts: readonly ReportedHost[]): string {
  const rows = hosts.map(
    ({ host, batch, state, waits }) =>
      `| ${codeSpan(host)} | ${batch} | ${state} | ${waits === null ? '' : prose(waits)} |`,
  );
  return ['| host | batch | state | waits for |', '|---|---|---|---|', ...rows].join('\n');
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
