/**
 * Writes every file that is generated from source and checked in.
 * `--check` writes nothing and fails when one of them is not what the sources make.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { jsonSchemas } from '../src/config/json-schema.ts';
import { configurationReference } from '../src/config/reference.ts';

/** One generated file: its path from the project's root, and its whole text. */
interface Generated {
  readonly path: string;
  readonly text: string;
}

const check = process.argv.includes('--check');
const stale = generated().filter(({ path, text }) => current(path) !== text);

for (const { path, text } of stale) {
  if (check) {
    console.error(`${path} is not what the sources make; run: npm run generate`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${path}`);
  }
}

function generated(): readonly Generated[] {
  return [...jsonSchemas(), configurationReference(), versionModule()];
}

/** The program tells its version without reading a file at its start. */
function versionModule(): Generated {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  return {
    path: 'src/cli/version.ts',
    text: `/** Generated from package.json by \`npm run generate\`. */\nexport const version = '${version}';\n`,
  };
}

function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
