import { codeBlock, codeSpan, fitComment } from './escape.ts';
import type { ReportedDeployment, ReportedUnit } from './views.ts';
import { durationInWords, marks, nextWords, reasonInWords, shortSha } from './words.ts';

export interface DeploymentComment {
  readonly view: ReportedDeployment;
  /** Where the repository is shown: `https://github.com/acme/shop`. */
  readonly repositoryUrl: string;
  /** What a host said of the step that failed; `null` where nothing is known. */
  readonly note: string | null;
  /** The deployment that this one waits for; `null` where it waits for none. */
  readonly behind: number | null;
}

/** The one answer to a command, written anew whenever the deployment moves. */
export function deploymentComment({
  view,
  repositoryUrl,
  note,
  behind,
}: DeploymentComment): string {
  const { job } = view;
  const parts = [
    marker(view.deployment),
    `### ${marks[view.state]} ${job.operation} to ${codeSpan(job.environment)}: ${headline(view)}`,
    `${commitLink(repositoryUrl, job.sha)} from ${codeSpan(job.ref)}, asked for by ${codeSpan(job.actor.login)}.`,
    ...(behind === null ? [] : [`It waits until deployment ${behind} is over.`]),
    unitTable(view),
    ...(note === null ? [] : [codeBlock(note.split('\n'))]),
    `Next: ${nextWords(view)
      .map((words) => `\`${words}\``)
      .join(' · ')}`,
    footer(view, repositoryUrl),
  ];
  return fitComment(parts.join('\n\n'));
}

/** Hidden in every answer; by it people and programs find the deployment again. */
function marker(deployment: number): string {
  return `<!-- sallyport deployment=${deployment} -->`;
}

function headline(view: ReportedDeployment): string {
  const reason = reasonInWords(view.reason);
  const took =
    view.endedAt === null ? '' : ` after ${durationInWords(view.endedAt - issuedAt(view))}`;
  return `**${view.state}**${reason ? `, ${reason}` : ''}${took}`;
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
