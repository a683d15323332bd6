import type { Git } from '../ports/git.ts';
import type { Programs } from '../ports/programs.ts';
import { sharedOnce } from './shared-once.ts';

/** Git that is opened when it is asked first: what was deployed is looked after without it. */
export function lazyGit(open: () => Promise<Git>): Git {
  return {
    fetch: async (...asked) => await (await open()).fetch(...asked),
    refs: async () => await (await open()).refs(),
    has: async (...asked) => await (await open()).has(...asked),
    isAncestor: async (...asked) => await (await open()).isAncestor(...asked),
    readFile: async (...asked) => await (await open()).readFile(...asked),
    layOut: async (...asked) => await (await open()).layOut(...asked),
    list: async (...asked) => await (await open()).list(...asked),
    async *read(...asked) {
      yield* (await open()).read(...asked);
    },
    changedPaths: async (...asked) => await (await open()).changedPaths(...asked),
    authorsBetween: async (...asked) => await (await open()).authorsBetween(...asked),
    describe: async (...asked) => await (await open()).describe(...asked),
  };
}

/** What runs programs, loaded for the first of them. */
export function lazyPrograms(): Programs {
  const open = sharedOnce(async () => {
    const { ExecaPrograms } = await import('../adapters/programs/execa/execa-programs.ts');
    return new ExecaPrograms();
  });
  return { run: async (...asked) => await (await open()).run(...asked) };
}
