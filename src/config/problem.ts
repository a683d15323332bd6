/** One thing that is wrong in a configuration file, and where. */
export interface ConfigProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, counted in UTF-16 code units as editors do. */
  readonly column: number;
  /** `targets.web.ports`; empty for the file itself. */
  readonly path: string;
  /** One sentence with the facts. */
  readonly message: string;
  readonly expected?: string;
  /** The known name that was most likely meant. */
  readonly did_you_mean?: string;
}

/** A hostile file with an error on every line is not answered with as many problems. */
export const maxProblems = 100;

/** Where a place in a file is, as keys and indices from its top. */
export type Path = readonly (string | number)[];

/** `targets.web.build[0]` */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`,
    '',
  );
}

/** In the order of the file. */
export function byPosition(a: ConfigProblem, b: ConfigProblem): number {
  return a.line - b.line || a.column - b.column;
}
