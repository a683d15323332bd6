import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { overTheWire, problemsOf } from './github-schemas.ts';

const file = createRequire(import.meta.url).resolve('@octokit/webhooks-schemas');
const schemas = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly definitions: Readonly<Record<string, object>>;
};
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(schemas, 'webhooks');
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with a webhook by GitHub's own schemas, each as one readable line. */
export function violationsOfWebhook(event: string, payload: unknown): readonly string[] {
  const name = definitionOf(event, payload);
  if (!(name in schemas.definitions)) return [`webhook ${name}: GitHub sends no such event`];
  const validate = compiled.get(name) ?? ajv.compile({ $ref: `webhooks#/definitions/${name}` });
  compiled.set(name, validate);
  return problemsOf(validate, overTheWire(payload)).map((problem) => `webhook ${name}${problem}`);
}

function definitionOf(event: string, payload: unknown): string {
  const action = (payload as { action?: unknown } | null)?.action;
  return `${event}$${typeof action === 'string' ? action : 'event'}`;
}
