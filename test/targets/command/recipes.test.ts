import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseRepositoryConfig } from '../../../src/config/parse.ts';

const page = readFileSync('docs/command-targets.md', 'utf8');
const recipes = [...page.matchAll(/^## (.+)\n\n```yaml\n([^]*?)^```$/gm)];

test('there is a recipe for OpenTofu and one for Pulumi', () => {
  expect(recipes.map(([, name]) => name)).toEqual(['OpenTofu', 'Pulumi']);
});

test.each(recipes)('the recipe is a configuration (%#)', (...[, , text]) => {
  expect(parseRepositoryConfig(text!, 'sallyport.yml')).toMatchObject({ ok: true });
});
