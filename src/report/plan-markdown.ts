import { codeBlock, codeSpan, plainText } from './escape.ts';
import type { ChangeJson, PlanJson } from './plan-json.ts';
import {
  allChanges,
  changeInWords,
  changeMarks,
  countsInWords,
  groupsOf,
  oneLine,
  shortPlan,
  type PlanGroup,
} from './plan-words.ts';
import { shortSha } from './words.ts';

/** The longest body of a check run, in bytes to be sure. */
const maxBody = 65_535;
/** The lines of changes that are shown: as many as fit. */
const linesToTry = [100_000, 2_000, 1_000, 500, 200, 100, 50, 20, 5, 0];
/** In characters; a longer line is cut. */
const maxLine = 200;
/** Fields of one change, paths that are not in Git, reasons: what is listed of each. */
const maxListed = 20;

/**
 * A plan as a folded part of a comment, or as the body of a check run. Where `limit` (bytes) is too
 * short for every change, it shows fewer and says how many it left out.
 */
export function planMarkdown(plan: PlanJson, limit: number = maxBody): string {
  const whole = allChanges(plan);
  if (whole.length === 0) return emptyPlan(plan);
  const groups = groupsOf(plan);
  for (const lines of linesToTry) {
    const body = folded(plan, groupParts(groups, lines));
    if (Buffer.byteLength(body) <= limit) return body;
  }
  return folded(plan, ['Too long to be shown here.']);
}

function folded(plan: PlanJson, parts: readonly string[]): string {
  const digest = plan.digest === null ? '' : ` <code>${shortPlan(plan.digest)}</code>`;
  const counts = `${countsInWords(allChanges(plan))}, risk ${plan.risk}`;
  const summary = `<details><summary>Plan${digest}: ${plainText(counts)}</summary>`;
  return [summary, ...parts, '</details>'].join('\n\n');
}

function emptyPlan({ targets, commit }: PlanJson): string {
  const sha = codeSpan(shortSha(commit));
  if (targets.length === 0) return `No target was compared with ${sha}.`;
  const unmanaged = targets.flatMap((target) => target.unmanaged);
  const stays = unmanaged.length === 0 ? '' : ` ${listed('Not in Git, stays', unmanaged)}`;
  return `Nothing to change: it is as ${sha} declares.${stays}`;
}

function groupParts(groups: readonly PlanGroup[], lines: number): readonly string[] {
  let left = lines;
  return groups.flatMap((group) => {
    const shown = group.changes.slice(0, left);
    left -= shown.length;
    return groupPart(group, shown);
  });
}

function groupPart(group: PlanGroup, shown: readonly ChangeJson[]): readonly string[] {
  const { name, kind, hosts, changes, reasons, unmanaged } = group;
  const on = hosts.length === 0 ? '' : ` on ${firstOf(hosts.map(codeSpan), hosts.length)}`;
  const more = changes.slice(shown.length);
  return [
    `**${codeSpan(name)}** (${plainText(kind)})${on}${changes.length === 0 ? ': nothing to change' : ''}`,
    ...(shown.length === 0 ? [] : [codeBlock(shown.flatMap(changeLines), 'diff')]),
    ...(more.length === 0 ? [] : [`… not shown: ${countsInWords(more)}.`]),
    ...(reasons.length === 0 ? [] : [listed('Look twice', reasons)]),
    ...(unmanaged.length === 0 ? [] : [listed('Not in Git, stays', unmanaged)]),
  ];
}

/** GitHub colours a diff's lines by their first sign; `!` stands for what changes. */
const diffMarks = { ...changeMarks, modify: '!', rename: '!' } as const;

function changeLines(change: ChangeJson): readonly string[] {
  const { action, fields } = change;
  const sign = action === 'rename' ? `! ${changeMarks.rename}` : diffMarks[action];
  const line = cut(`${sign} ${changeInWords(change)}`);
  return fields.length === 0
    ? [line]
    : [line, cut(`      ${firstOf(fields.map(oneLine), fields.length)}`)];
}

function listed(title: string, items: readonly string[]): string {
  const spans = items.slice(0, maxListed).map((item) => codeSpan(cut(item)));
  return `${title}: ${firstOf(spans, items.length)}`;
}

/** `a, b … and 12 more` */
function firstOf(items: readonly string[], count: number): string {
  const shown = items.slice(0, maxListed);
  const more = count - shown.length;
  return `${shown.join(', ')}${more === 0 ? '' : ` … and ${more} more`}`;
}

function cut(line: string): string {
  return line.length <= maxLine ? line : `${line.slice(0, maxLine - 1)}…`;
}
