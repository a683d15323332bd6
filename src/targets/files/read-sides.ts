import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StepFailure } from '../target.ts';
import { readContents, sourceOf, type Desired, type DesiredFile } from './desired.ts';
import type { Side } from './diff.ts';
import { compilePattern } from './glob.ts';
import type { Live } from './place.ts';
import { maxResourceBytes, readResources, type ReadResources } from './read-resources.ts';
import type { Resource, ResourceRule } from './resource-changes.ts';
import { Slices } from './slices.ts';
import type { Tree } from './tree.ts';
import type { World } from './world.ts';

/** As many broken files as a person mends at once. */
const maxProblems = 10;

/**
 * Reads what the commit changes, all of it: what is broken, too large or not to be had is refused
 * before anything is touched.
 */
export async function readDeclared(
  world: World,
  files: Desired,
  signal: AbortSignal,
): Promise<Side> {
  const side = new SideReader(world.config.resources);
  const slices = new Slices();
  const problems: string[] = [];
  for await (const { file, content } of readContents(world, [...files.values()], signal)) {
    const result = side.take(file.path, file.kind, () => textOf(content));
    if (result?.ok === false) problems.push(problemOf(file, result));
    if (slices.isOver) await slices.pause(signal);
  }
  problems.push(...side.twice.map((id) => `${id} is declared in two files`));
  const [first, ...others] = problems;
  if (first === undefined) return { files, resources: side.resources, read: side.read };
  throw new StepFailure('config_invalid', first, others.slice(0, maxProblems));
}

/** Reads what is there. What somebody broke by hand is no reason to stop, but one to look twice. */
export async function readActual(
  world: World,
  live: Live,
  files: Tree,
  signal: AbortSignal,
): Promise<Side & { readonly risks: readonly string[] }> {
  const side = new SideReader(world.config.resources);
  const slices = new Slices();
  const risks: string[] = [];
  for (const [path, { kind }] of files) {
    if (live.kind === 'nothing' || !side.wants(path, kind)) continue;
    const text = await readOwn(join(live.directory, path));
    const result = side.take(path, kind, () => text);
    if (result?.ok === false) {
      risks.push(`${path} on this host cannot be read as resources: ${result.why}`);
    }
    if (slices.isOver) await slices.pause(signal);
  }
  const { resources, read } = side;
  return { files, resources, read, risks: risks.slice(0, maxProblems) };
}

/** Gathers the resources of one side. */
class SideReader {
  readonly resources = new Map<string, Resource>();
  readonly read = new Set<string>();
  readonly twice: string[] = [];
  readonly #rules: readonly { rule: ResourceRule; matches: (path: string) => boolean }[];

  constructor(rules: readonly ResourceRule[]) {
    this.#rules = rules.map((rule) => {
      const patterns = rule.match.map(compilePattern);
      return { rule, matches: (path) => patterns.some((matches) => matches(path)) };
    });
  }

  wants(path: string, kind: string): boolean {
    return this.#ruleOf(path, kind) !== null;
  }

  /** `null` for a file that holds no resources. A text of `null` is one that is too long. */
  take(path: string, kind: string, text: () => string | null): ReadResources | null {
    const rule = this.#ruleOf(path, kind);
    if (rule === null) return null;
    const content = text();
    if (content === null) {
      return { ok: false, line: null, why: `it is larger than ${maxResourceBytes} bytes` };
    }
    const result = readResources(content, path, rule.key);
    if (!result.ok) return result;
    this.read.add(path);
    for (const [name, value] of result.resources) {
      const id = `${rule.type}/${name}`;
      if (this.resources.has(id)) this.twice.push(id);
      this.resources.set(id, { path, value, rule });
    }
    return result;
  }

  #ruleOf(path: string, kind: string): ResourceRule | null {
    if (kind !== 'file' && kind !== 'executable') return null;
    return this.#rules.find(({ matches }) => matches(path))?.rule ?? null;
  }
}

function textOf(content: Buffer): string | null {
  return content.length > maxResourceBytes ? null : content.toString('utf8');
}

async function readOwn(path: string): Promise<string | null> {
  const { size } = await stat(path);
  return size > maxResourceBytes ? null : readFile(path, 'utf8');
}

function problemOf(file: DesiredFile, { line, why }: ReadResources & { ok: false }): string {
  const place = line === null ? sourceOf(file) : `${sourceOf(file)}:${line}`;
  return `${place} cannot be read: ${why}`;
}
