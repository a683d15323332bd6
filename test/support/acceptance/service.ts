import { setTimeout as sleep } from 'node:timers/promises';

interface Visits {
  readonly answered: number;
  /** What went wrong, each with its time. */
  readonly failed: readonly string[];
}

/** GET of the service in production, from outside. */
export async function ask(port: number, path: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  return `${answer.status} ${(await answer.text()).trim()}`;
}

/** Asks the service all the time, as its users do, until it is told to stop. */
export function visit(port: number): { stop(): Promise<Visits> } {
  const failed: string[] = [];
  let [answered, isOpen] = [0, true];
  const visiting = (async () => {
    while (isOpen) {
      const answer = await ask(port, '/').catch((error: unknown) => `none: ${String(error)}`);
      if (answer.startsWith('200 ')) answered += 1;
      else failed.push(`${new Date().toISOString()} ${answer}`);
      await sleep(10);
    }
  })();
  return {
    async stop() {
      isOpen = false;
      await visiting;
      return { answered, failed };
    },
  };
}
