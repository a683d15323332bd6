import { z } from 'zod';
import { AgentConfig } from './agent.ts';
import { Override } from './environment.ts';
import { targetParts } from './override-problems.ts';
import { RepositoryConfig } from './repository.ts';

/** A file that is generated from the schemas and checked in. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** What both configuration files may hold, for editors (JSON Schema 2020-12). */
export function jsonSchemas(): readonly GeneratedFile[] {
  return [
    { path: 'docs/reference/sallyport.schema.json', text: textOf(RepositoryConfig) },
    { path: 'docs/reference/agent.schema.json', text: textOf(AgentConfig) },
  ];
}

function textOf(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === Override) jsonSchema.anyOf = Object.values(targetParts).map(partsOf);
    },
  });
  return `${JSON.stringify(json, null, 2)}\n`;
}

function partsOf(parts: z.ZodType): z.core.JSONSchema.BaseSchema {
  const { $schema: _, ...json } = z.toJSONSchema(parts, { io: 'input' });
  return json;
}
