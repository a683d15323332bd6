import { expect, test } from 'vitest';
import { layers } from './layers.ts';
import { sourcesUnder, type Source } from './sources.ts';

const src = sourcesUnder('src');

test('every folder of src is a known layer', () => {
  expect([...new Set(src.map(layerOf))].filter((layer) => !(layer in layers))).toEqual([]);
});

test('imports point down only, types counted', () => {
  const upward = src.flatMap((file) =>
    file.imports
      .filter((to) => !mayImport(layerOf(file), to))
      .map((to) => `${file.path} imports ${to}`),
  );
  expect(upward).toEqual([]);
});

test('there are no import cycles, types counted', () => {
  expect(findCycle(src)).toBeNull();
});

test('no file is longer than 400 lines', () => {
  const files = ['src', 'action', 'test', 'bench', 'scripts'].flatMap(sourcesUnder);
  expect(files.filter(({ lines }) => lines > 400).map(({ path }) => path)).toEqual([]);
});

test('the Node that runs this is recent enough', () => {
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(22);
});

function layerOf(file: Source): string {
  return file.path.split('/')[1]!;
}

function mayImport(from: string, to: string): boolean {
  const [root, layer] = to.split('/');
  return root === 'src' && (layer === from || layers[from]!.includes(layer!));
}

/** The files of one cycle in their order, or `null`. */
function findCycle(files: readonly Source[]): readonly string[] | null {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (finished.has(path)) return null;
    for (const to of byPath.get(path)?.imports ?? []) {
      const cycle = visit(to, [...trail, path]);
      if (cycle) return cycle;
    }
    finished.add(path);
    return null;
  };
  for (const { path } of files) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return null;
}
