import pc from 'picocolors';
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
import { fitLine, wrapItems } from './text-width.ts';
import { shortSha } from './words.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** Columns; no line is wider. */
  readonly width: number;
}

/** At most so many of what is not in Git are named for a target. */
const maxUnmanaged = 20;

/** A plan for a terminal, like a diff: breaking changes first, with counts and risk. */
export function planText(plan: PlanJson, { colour, width }: TextOptions): string {
  const paint = pc.createColors(colour);
  const fit = (line: string) => fitLine(line, width);
  const groups = groupsOf(plan);
  const lines = [
    paint.bold(fit(heading(plan))),
    fit(summary(plan)),
    ...groups.flatMap((group) => ['', ...groupLines(group, paint, width)]),
  ];
  return `${lines.join('\n')}\n`;
}

type Paint = ReturnType<typeof pc.createColors>;

function heading({ environment, commit, digest }: PlanJson): string {
  const plan = digest === null ? '' : `, plan ${shortPlan(digest)}`;
  return oneLine(`${environment} at ${shortSha(commit)}${plan}`);
}

function summary(plan: PlanJson): string {
  const changes = allChanges(plan);
  if (changes.length > 0) return `${countsInWords(changes)} · risk ${plan.risk}`;
  return plan.targets.length === 0
    ? `no target was compared with ${shortSha(plan.commit)}`
    : `nothing to change: it is as ${shortSha(plan.commit)} declares`;
}

function groupLines(group: PlanGroup, paint: Paint, width: number): readonly string[] {
  const { name, kind, hosts, changes, reasons, unmanaged } = group;
  const on = hosts.length === 0 ? '' : ` on ${hosts.join(', ')}`;
  const title = fitLine(oneLine(`${name} (${kind})${on}`), width);
  const said = changes.length === 0 ? [paint.dim(fitLine('  nothing to change', width))] : [];
  return [
    paint.bold(title),
    ...said,
    ...changes.flatMap((change) => changeLines(change, paint, width)),
    ...section('risk high, for:', reasons, paint.yellow, width),
    ...section('not in Git, stays:', shortened(unmanaged), paint.dim, width),
  ];
}

const colours = { add: 'green', modify: 'yellow', remove: 'red', rename: 'cyan' } as const;

function changeLines(change: ChangeJson, paint: Paint, width: number): readonly string[] {
  const line = fitLine(`  ${changeMarks[change.action]} ${changeInWords(change)}`, width);
  const coloured = paint[colours[change.action]](line);
  const fields = wrapItems(change.fields.map(oneLine), '      ', width);
  return [change.breaking ? paint.bold(coloured) : coloured, ...fields.map(paint.dim)];
}

function section(
  title: string,
  items: readonly string[],
  paint: (text: string) => string,
  width: number,
): readonly string[] {
  if (items.length === 0) return [];
  const lines = [`  ${title}`, ...items.map((item) => `    ${oneLine(item)}`)];
  return lines.map((line) => paint(fitLine(line, width)));
}

function shortened(paths: readonly string[]): readonly string[] {
  if (paths.length <= maxUnmanaged) return paths;
  return [...paths.slice(0, maxUnmanaged), `… and ${paths.length - maxUnmanaged} more`];
}
