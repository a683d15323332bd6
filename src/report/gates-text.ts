import pc from 'picocolors';
import { withoutTricks } from './escape.ts';
import type { GateJson, GatesJson } from './gates-json.ts';
import { fitLine, textWidth, wrapWords } from './text-width.ts';

export interface GatesTextOptions {
  readonly colour: boolean;
  /** Columns; no line is wider. */
  readonly width: number;
}

type Paint = ReturnType<typeof pc.createColors>;

/** `sallyport gates` for a terminal: every gate with its answer, closed ones with when they open. */
export function gatesText(report: GatesJson, { colour, width }: GatesTextOptions): string {
  const paint = pc.createColors(colour);
  const { environment, at, open, gates } = report;
  const state = open ? paint.green('open') : paint.red('closed');
  const names = Math.max(0, ...gates.map(({ name }) => textWidth(oneLine(name))));
  const title = fitLine(oneLine(`${environment} at ${at}:`), width - ' closed'.length);
  const lines = gates.flatMap((gate) => gateLines(gate, names, width, paint));
  return `${[`${paint.bold(title)} ${state}`, '', ...lines].join('\n')}\n`;
}

function gateLines(gate: GateJson, names: number, width: number, paint: Paint): readonly string[] {
  const indent = ' '.repeat(names + 6);
  const mark = gate.open ? paint.green('✔') : paint.red('✖');
  const wrap = (text: string) => wrapWords(oneLine(text), width - indent.length);
  const [first = '', ...more] = wrap(gate.message);
  const said = [
    `  ${mark} ${oneLine(gate.name).padEnd(names)}  ${first}`,
    ...more.map((line) => indent + line),
  ];
  if (gate.open) return said;
  const opens = gate.opens_at === null ? [] : wrap(`opens ${gate.opens_at}`);
  const hint = gate.hint === null ? [] : wrap(gate.hint);
  return [
    ...said,
    ...opens.map((line) => indent + paint.yellow(line)),
    ...hint.map((line) => indent + paint.dim(line)),
  ];
}

function oneLine(text: string): string {
  return withoutTricks(text).replace(/\s+/gu, ' ').trim();
}
