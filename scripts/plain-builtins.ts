import type { Plugin } from 'rolldown';

/** What gives a chunk the `require` that bundled CommonJS packages and `plainBuiltins` ask for. */
export const requireBanner =
  "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);";

/**
 * Asks for Node's own modules with `require`. Node reads every export of one that an ES module
 * imports, and so loads what stands behind them: behind `WebSocket` of `node:http` are all of
 * `fetch` and HTTP/2, which are 13 MB of memory that nothing here uses.
 */
export const plainBuiltins: Plugin = {
  name: 'plain-builtins',
  renderChunk: (code) => requireBuiltins(code),
};

/** Rewrites static imports as rolldown prints them, each on a line of its own. */
export function requireBuiltins(code: string): string {
  return code.replaceAll(
    /^import (?:(?<whole>[\w$]+)(?:, )?)?(?:\* as (?<space>[\w$]+)|\{(?<parts>[^{}]*)\})? from "(?<id>node:[\w/]+)";$/gm,
    (_all, ...rest) => {
      const { whole, space, parts, id } = rest.at(-1) as Record<string, string | undefined>;
      const names = [whole, space, parts && `{${parts.replaceAll(' as ', ': ')}}`];
      return names
        .filter((name) => name)
        .map((name) => `const ${name} = require("${id}");`)
        .join(' ');
    },
  );
}
