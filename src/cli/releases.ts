import { exitCodes, type ExitCode } from '../model/errors.ts';
import { releasesText, type ReleasesJson } from '../report/releases.ts';
import { askAgentJson } from './agent-client.ts';
import { findSocket } from './agent-socket.ts';
import { widthOf } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Shows the tags that look like a release, the newest first. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const releases = await askAgentJson<ReleasesJson>(await findSocket(args, world), '/releases');
  const text = args.json ? JSON.stringify(releases) : releasesText(releases, widthOf(world));
  world.stdout.write(`${text}\n`);
  return exitCodes.done;
}
