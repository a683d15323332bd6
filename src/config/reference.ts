import { z } from 'zod';
import { AgentConfig } from './agent.ts';
import type { GeneratedFile } from './json-schema.ts';
import { laterKeysOf } from './later.ts';
import { RepositoryConfig } from './repository.ts';

interface Row {
  readonly key: string;
  readonly takes: string;
  readonly about: string;
}

/** docs/reference/configuration.md: every key of both files, from the schemas. */
export function configurationReference(): GeneratedFile {
  const text = `# Configuration

Generated from the schemas in \`src/config\` by \`npm run generate\`. Durations are \`500ms\`, \`30s\`,
\`2m\`, \`8h\`, \`1d\`. A key that stands in none of the tables is an error; \`sallyport validate\` shows it
with its line. \`<name>\` is a name of your own: letters, digits, \`.\`, \`_\`, \`-\`, at most 63.

Editors check these files with [sallyport.schema.json](sallyport.schema.json) and
[agent.schema.json](agent.schema.json).

${sectionOf('.github/sallyport.yml', RepositoryConfig)}
${sectionOf('/etc/sallyport/agent.yml', AgentConfig)}`;
  return { path: 'docs/reference/configuration.md', text };
}

function sectionOf(file: string, schema: z.ZodType): string {
  const found: Found = { later: [], kinds: [] };
  const rows = rowsOf(schema, '', found);
  const kinds = found.kinds.map(
    ({ at, kind, option }) => `### \`${at}\` of kind \`${kind}\`

${tableOf(rowsOf(option, at, found))}
`,
  );
  return `## \`${file}\`

${tableOf(rows)}

${kinds.join('\n')}${kinds.length > 0 ? '\n' : ''}Known and not supported yet: ${found.later.map((key) => `\`${key}\``).join(', ')}.
`;
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ key, takes, about }) => `| \`${key}\` | ${takes} | ${about} |`);
  return `| key | takes | meaning |
| --- | --- | --- |
${lines.join('\n')}`;
}

/** What is told elsewhere than in the table in which it was found. */
interface Found {
  readonly later: string[];
  readonly kinds: {
    readonly at: string;
    readonly kind: string;
    readonly option: z.core.$ZodType;
  }[];
}

/** Overrides are parts of targets: their keys are not told twice. */
function rowsOf(schema: z.core.$ZodType, at: string, found: Found): readonly Row[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodRecord) return rowsOf(inner.def.valueType, `${at}.<name>`, found);
  if (inner instanceof z.ZodDiscriminatedUnion) {
    found.kinds.push(...inner.options.map((option) => ({ at, kind: kindOf(option), option })));
    return [];
  }
  if (inner instanceof z.ZodUnion) {
    return rowsOfAlternatives(inner.options.map((option) => rowsOf(option, at, found)));
  }
  if (inner instanceof z.ZodArray) return rowsOf(inner.def.element, `${at}[]`, found);
  if (!(inner instanceof z.ZodObject)) return [];
  const prefix = at === '' ? '' : `${at}.`;
  found.later.push(...laterKeysOf(inner).map((key) => prefix + key));
  return Object.entries(inner.shape).flatMap(([key, value]) => {
    const path = prefix + key;
    const below = key === 'override' ? [] : rowsOf(value, path, found);
    return [{ key: path, takes: takesOf(value), about: aboutOf(value) }, ...below];
  });
}

function kindOf(option: z.core.$ZodType): string {
  const kind = option instanceof z.ZodObject ? option.shape['kind'] : undefined;
  return kind instanceof z.ZodLiteral ? String(kind.value) : '';
}

/** Alternatives share keys; what only some of them require, none requires of every file. */
function rowsOfAlternatives(alternatives: readonly (readonly Row[])[]): readonly Row[] {
  const objects = alternatives.filter((rows) => rows.length > 0);
  const all = objects.flat();
  return all
    .filter(({ key }, place) => all.findIndex((row) => row.key === key) === place)
    .map((row) => {
      const isShared = objects.every((rows) => rows.some(({ key }) => key === row.key));
      return isShared ? row : { ...row, takes: row.takes.replace(', required', '') };
    });
}

/** The kind of value, and its default or whether it must be there. */
function takesOf(schema: z.core.$ZodType): string {
  const json = z.toJSONSchema(schema as z.ZodType, { io: 'input' });
  const alternatives =
    json.const ?? json.enum?.join(' \\| ') ?? unique(json.anyOf?.map(typeOf))?.join(' \\| ');
  const kind = String(alternatives ?? typeOf(json));
  const fallback: unknown = json.default;
  if (fallback !== '' && ['string', 'number', 'boolean'].includes(typeof fallback)) {
    return `${kind}; \`${String(fallback)}\``;
  }
  const isOptional =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return isOptional ? kind : `${kind}, required`;
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'map',
  array: 'list',
  integer: 'whole number',
};

function unique(words: readonly string[] | undefined): readonly string[] | undefined {
  return words && [...new Set(words)];
}

function typeOf(option: unknown): string {
  const { type = 'object' } = option as { type?: string };
  return typeNames[type] ?? type;
}

function aboutOf(schema: z.core.$ZodType): string {
  const own = (schema as z.ZodType).description ?? unwrap(schema).description ?? '';
  return own.replaceAll('|', '\\|');
}

function unwrap(schema: z.core.$ZodType): z.ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional
  ) {
    return unwrap(schema.unwrap());
  }
  return schema instanceof z.ZodPipe ? unwrap(schema.def.in) : (schema as z.ZodType);
}
