import pc from 'picocolors';
import { withoutTricks } from './escape.ts';
import type { AgentJson, EnvironmentJson, StatusJson, StopJson } from './status-json.ts';
import { fitLine, textWidth, wrapWords } from './text-width.ts';
import { durationInWords, shortSha, switchWords } from './words.ts';

export interface StatusOptions {
  readonly colour: boolean;
  /** Columns; no line is wider. */
  readonly width: number;
  /** Ms since 1970, for how long ago things were. */
  readonly now: number;
}

type Paint = ReturnType<typeof pc.createColors>;

/** `sallyport status` for a terminal: a box that says of the agent and of each environment where it stands. */
export function statusText(
  { environments, agent }: StatusJson,
  { colour, width, now }: StatusOptions,
): string {
  const paint = pc.createColors(colour);
  const columns = columnsOf(environments);
  const parts = [
    ...(agent ? [agentLines(agent, now)] : []),
    ...environments.map((environment) =>
      environmentLines(environment, agent?.notes[environment.name], columns, now),
    ),
  ];
  if (environments.length === 0) parts.push(['Nothing was deployed yet.']);
  return box(agent ? `sallyport on ${agent.host}` : 'sallyport', parts, width, paint);
}

function agentLines(agent: AgentJson, now: number): readonly string[] {
  const { version, since, source, connected, connected_since, problem, last_sync } = agent;
  const state = connected
    ? 'connected'
    : connected_since === null
      ? 'not asked yet'
      : 'unreachable';
  return [
    `running    for ${ago(since, now)}, version ${version}`,
    `source     ${source}`,
    `           ${state}${connected_since === null ? '' : ` for ${ago(connected_since, now)}`}`,
    ...(problem === null || connected ? [] : [`           ${problem}`]),
    `last sync  ${last_sync === null ? 'never' : `${ago(last_sync, now)} ago`}${nextOf(agent, now)}`,
    ...(agent.watching === null ? [] : [`watching   ${agent.watching}`]),
  ];
}

function nextOf({ next_poll: next }: AgentJson, now: number): string {
  if (next === null) return '';
  const left = Date.parse(next) - now;
  return left <= 0 ? ', next poll now' : `, next poll in ${durationInWords(left)}`;
}

interface Columns {
  readonly name: number;
  readonly health: number;
  readonly sync: number;
}

function columnsOf(environments: readonly EnvironmentJson[]): Columns {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  return {
    name: widest(environments.map(({ name }) => name)),
    health: widest(environments.map(({ health }) => health)),
    sync: widest(environments.map(({ sync }) => sync)),
  };
}

function environmentLines(
  environment: EnvironmentJson,
  note: string | undefined,
  columns: Columns,
  now: number,
): readonly string[] {
  const { name, health, sync, commit, since, staged, desired, waits, lock, pause, held } =
    environment;
  const runs = commit === null ? 'nothing yet' : shortSha(commit);
  const wanted = desired !== null && desired !== commit ? ` → ${shortSha(desired)}` : '';
  const age = since === null ? '' : `  ${ago(since, now)} ago`;
  const cells = [
    name.padEnd(columns.name),
    health.padEnd(columns.health),
    sync.padEnd(columns.sync),
  ];
  return [
    `${cells.join('  ')}  ${runs}${wanted}${age}`,
    ...(waits === null
      ? []
      : [`  waits: ${waits.message} (deployment ${waits.deployment})${untilOf(waits.until)}`]),
    ...staged.map(
      (one) =>
        `  staged: ${shortSha(one.commit)} for ${one.targets.join(', ')}, ${ago(one.since, now)} ago; sallyport ${switchWords(name, one.targets)}`,
    ),
    ...(lock === null ? [] : [`  locked by ${lock.by}${becauseOf(lock.reason)}`]),
    ...(pause === null
      ? []
      : [`  paused by ${pause.by}${becauseOf(pause.reason)}${untilOf(pause.until)}`]),
    ...(held.length === 0 ? [] : [`  held: ${held.join(', ')}`]),
    ...(note === undefined ? [] : [`  ${note}`]),
    ...environment.hosts.flatMap((host) =>
      host.targets.flatMap(
        ({ name: target, slot, version, health: looks, why, stops = [], outputs = {} }) => {
          const place = slot === null ? '' : ` (${slot})`;
          return [
            `  ${target}@${host.name}${place}  ${looks}  ${version ?? '-'}  ${host.state}${placeOf(host)}`,
            ...(why === undefined ? [] : [`    ${why}`]),
            ...stops.flatMap((stop) => stopLines(stop, `${name} ${target}`, now)),
            ...Object.entries(outputs).map(([name, value]) => `    ${name} = ${valueText(value)}`),
          ];
        },
      ),
    ),
  ];
}

/** Where it stands in a rollout. */
function placeOf({ batch, waits }: EnvironmentJson['hosts'][number]): string {
  if (batch === undefined) return '';
  return `  ${batch}${waits ? `, waits for ${waits}` : ''}`;
}

/** What stops its traffic, and what to type to end that. */
function stopLines(
  { kind, message, seconds, by, since }: StopJson,
  of: string,
  now: number,
): readonly string[] {
  const who = by === null ? '' : ` by ${by}`;
  const age = since === null ? '' : ` for ${ago(since, now)}`;
  const what =
    kind === 'hold'
      ? `requests are held${who}${age}, each for ${seconds} s at the most`
      : `maintenance${who}${age}: ${message}`;
  // Apart, so that no long text cuts it off.
  return [`    ${what}`, `      to end it: sallyport ${kind} ${of} --off`];
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function becauseOf(reason: string): string {
  return reason === '' ? '' : `: ${reason}`;
}

function untilOf(until: string | null): string {
  return until === null ? '' : `, until ${until.slice(0, 16).replace('T', ' ')}Z`;
}

function ago(at: string, now: number): string {
  return durationInWords(Math.max(0, now - Date.parse(at)));
}

function box(
  title: string,
  parts: readonly (readonly string[])[],
  width: number,
  paint: Paint,
): string {
  const inner = width - 4;
  const name = fitLine(title, inner - 2);
  const rule = (left: string, right: string) =>
    paint.dim(`${left}${'─'.repeat(width - 2)}${right}`);
  const rest = '─'.repeat(Math.max(0, width - 5 - textWidth(name)));
  return [
    `${paint.dim('╭─')} ${paint.bold(name)} ${paint.dim(`${rest}╮`)}`,
    ...parts.flatMap((lines, index) => [
      ...(index === 0 ? [] : [rule('├', '┤')]),
      ...lines.flatMap((line) => wrapped(line, inner).map((one) => boxed(one, inner, paint))),
    ]),
    rule('╰', '╯'),
  ].join('\n');
}

/** How many lines one fact may take: enough for what to type next, too few to hide the rest. */
const mostLines = 4;

/** A fact over as many lines as it needs, below where its words begin. */
function wrapped(text: string, inner: number): readonly string[] {
  const line = withoutTricks(text).replace(/[\n\t]+/gu, ' ');
  const label = /^(?:\S+(?: \S+)? {2,}| *)/u.exec(line)![0];
  const indent = ' '.repeat(Math.min(label.length, inner / 2));
  const width = inner - indent.length;
  const lines = wrapWords(line.slice(indent.length), width);
  const last = fitLine(lines.slice(mostLines - 1).join(' '), width);
  const kept = lines.length <= mostLines ? lines : [...lines.slice(0, mostLines - 1), last];
  return kept.map((one, index) => `${index === 0 ? line.slice(0, indent.length) : indent}${one}`);
}

function boxed(line: string, inner: number, paint: Paint): string {
  const padded = line + ' '.repeat(Math.max(0, inner - textWidth(line)));
  return `${paint.dim('│')} ${painted(padded, paint)} ${paint.dim('│')}`;
}

/** Words that people look for, in the colour that they expect. */
function painted(line: string, paint: Paint): string {
  return line
    .replace(/\b(?:healthy|synced|connected)\b/, (word) => paint.green(word))
    .replace(/\b(?:unhealthy|unreachable|degraded|failed)\b/, (word) => paint.red(word))
    .replace(
      /\b(?:out-of-sync|waits|staged|locked|paused|held|maintenance|syncing|progressing)\b/,
      (word) => paint.yellow(word),
    );
}
