import { z } from 'zod';
import { AgentConfig } from './agent.ts';
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
  return `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`;
}
