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
\`2m\`, \`8h\`, \`1d\`. A key that stands in neither table is an error; \`sallyport validate\` shows it
with its line. \`<name>\` is a name of your own: letters, digits, \`.\`, \`_\`, \`-\`, at most 63.

Editors check these files with [sallyport.schema.json](sallyport.schema.json) and
[agent.schema.json](agent.schema.json).

${sectionOf('.github/sallyport.yml', RepositoryConfig)}
${sectionOf('/etc/sallyport/agent.yml', AgentConfig)}`;
  return { path: 'docs/reference/configuration.md', text };
}

function sectionOf(file: string, schema: z.ZodType): string {
  const later: string[] = [];
  const rows = rowsOf(schema, '', later);
  const table = rows.map(({ key, takes, about }) => `| \`${key}\` | ${takes} | ${about} |`);
  return `## \`${file}\`

| key | takes | meaning |
| --- | --- | --- |
${table.join('\n')}

Known and not supported yet: ${later.map((key) => `\`${key}\``).join(', ')}.
`;
}

/** Overrides are parts of targets: their keys are not told twice. */
function rowsOf(schema: z.core.$ZodType, at: string, later: string[]): readonly Row[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodRecord) return rowsOf(inner.def.valueType, `${at}.<name>`, later);
  if (inner instanceof z.ZodDiscriminatedUnion) {
    return inner.options.flatMap((option) => rowsOf(option, at, later));
  }
  if (inner instanceof z.ZodArray) return rowsOf(inner.def.element, `${at}[]`, later);
  if (!(inner instanceof z.ZodObject)) return [];
  const prefix = at === '' ? '' : `${at}.`;
  later.push(
    ...laterKeysOf(inner).map((key) => prefix.slice(prefix.startsWith('.') ? 1 : 0) + key),
  );
  return Object.entries(inner.shape).flatMap(([key, value]) => {
    const path = prefix + key;
    const below = key === 'override' ? [] : rowsOf(value, path, later);
    return [{ key: path, takes: takesOf(value), about: aboutOf(value) }, ...below];
  });
}

/** The kind of value, and its default or whether it must be there. */
function takesOf(schema: z.core.$ZodType): string {
  const json = z.toJSONSchema(schema as z.ZodType, { io: 'input' });
  const alternatives =
    json.const ?? json.enum?.join(' \\| ') ?? json.anyOf?.map(typeOf).join(' \\| ');
  const kind = String(alternatives ?? typeOf(json));
  const fallback: unknown = json.default;
  if (typeof fallback === 'string' || typeof fallback === 'number') {
    return `${kind}; \`${fallback}\``;
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
