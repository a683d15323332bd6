import pc from 'picocolors';
import type { SallyportError } from '../model/errors.ts';
import type { Stream, World } from './world.ts';

export type Colours = ReturnType<typeof pc.createColors>;

/** Colours only on a terminal; NO_COLOR (https://no-color.org) switches them off there too. */
export function coloursOf(stream: Stream, env: World['env']): Colours {
  return pc.createColors(stream.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb');
}

/** How wide text may be: that of the terminal, 80 columns where there is none. */
export function widthOf({ stdout }: World): number {
  return Math.max(40, stdout.columns ?? 80);
}

/** The one JSON document of a verb that did what it was asked. */
export function printJson(world: World, document: Readonly<Record<string, unknown>>): void {
  world.stdout.write(`${JSON.stringify({ schema: 1, ok: true, ...document })}\n`);
}

/** What happened with its facts, then the exact next command. */
export function printError(world: World, error: SallyportError, json: boolean): void {
  if (json) {
    const { code, message, hint } = error;
    const document = { schema: 1, ok: false, error: { code, message, hint } };
    world.stdout.write(`${JSON.stringify(document)}\n`);
    return;
  }
  const colours = coloursOf(world.stderr, world.env);
  world.stderr.write(`${colours.red('error:')} ${error.message}\n`);
  if (error.hint !== undefined) world.stderr.write(`${colours.dim('next:')}  ${error.hint}\n`);
  if (error.next === 'bug' && error.cause instanceof Error) {
    world.stderr.write(`${colours.dim(error.cause.stack ?? '')}\n`);
  }
}
