import { build, type Plugin } from 'rolldown';

/** Builds the Action into one file, `index.js` in `folder`: the same bytes wherever it is built. */
export async function buildAction(folder: string): Promise<void> {
  await build({
    input: { index: 'action/main.ts' },
    cwd: new URL('..', import.meta.url).pathname,
    platform: 'node',
    plugins: [withoutOidc, lateBuiltins],
    output: {
      dir: folder,
      format: 'esm',
      cleanDir: true,
      entryFileNames: '[name].js',
      // What a mode does not need is in the file and is not evaluated.
      codeSplitting: false,
      minify: 'dce-only',
    },
  });
}

/** What @actions/core asks for OIDC tokens and for its platform with: half a megabyte that nothing here calls. */
const unused: readonly string[] = [
  '@actions/http-client',
  '@actions/http-client/lib/auth',
  '@actions/exec',
];

const withoutOidc: Plugin = {
  name: 'without-oidc',
  resolveId: (id) => (unused.includes(id) ? `\0${id}` : null),
  load: (id) =>
    unused.includes(id.slice(1)) && id.startsWith('\0')
      ? 'export const HttpClient = undefined, BearerCredentialHandler = undefined, getExecOutput = undefined;'
      : null,
};

/**
 * A static import of these is carried out first, whatever the mode needs, and as an ES module it
 * loads all of `fetch` besides.
 */
const late: Readonly<Record<string, string>> = {
  'node:http': 'Agent, request',
  'node:https': 'Agent, request',
};

const lateBuiltins: Plugin = {
  name: 'late-builtins',
  resolveId: (id) => (id in late ? `\0late:${id}` : null),
  load(id) {
    const [prefix, name] = id.split('\0late:');
    if (prefix !== '' || name === undefined) return null;
    return `export const { ${late[name]} } = process.getBuiltinModule('${name}');`;
  },
};
