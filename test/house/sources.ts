import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A source file and the project's own files that it imports, types counted. */
export interface Source {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly string[];
}

const importing = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

/** Every TypeScript file below a folder. */
export function sourcesUnder(folder: string): readonly Source[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readSource(join(folder, name)));
}

function readSource(path: string): Source {
  const text = readFileSync(path, 'utf8');
  const imports = [...text.matchAll(importing)].map(([, to]) =>
    normalize(join(dirname(path), to!)),
  );
  return { path, lines: text.split('\n').length - 1, imports };
}
