import { generateSigningKey } from '../../src/model/keys.ts';
import { parseRepositoryConfig } from '../../src/config/parse.ts';
import type { RepositoryConfig } from '../../src/config/repository.ts';

export const key = generateSigningKey().public.text;

/** The least that a service needs. */
export const web = `  web:
    kind: service
    run: [node, server.js]
    ports: { blue: 8001, green: 8002 }
    proxy: { listen: 8080 }
`;

/** The configuration in a text that has no problem. */
export function configOf(text: string): RepositoryConfig {
  const parsed = parseRepositoryConfig(text, 'sallyport.yml');
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.config;
}

/** `line:column message` of every problem in a text. */
export function problemsOf(text: string): readonly string[] {
  const parsed = parseRepositoryConfig(text, 'sallyport.yml');
  if (parsed.ok) return [];
  return parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}
