import { githubPath } from '../github-path.ts';
import { fail, ok, warn, type Finding } from '../finding.ts';
import type { DoctorWorld, WebAnswer } from '../world.ts';

/** A server tells whole seconds, and its answer takes a moment. */
const toldFromMs = 5_000;
/** Certificates and tokens are not believed any more. */
const brokenFromMs = 300_000;

/** This machine's clock beside that of the source. Deployments go by GitHub's; windows and logs by this one. */
export async function checkClock(world: DoctorWorld): Promise<readonly Finding[]> {
  const asked = await askTime(world);
  if (!asked) return [ok('the clock has nothing to be compared with: the source tells no time')];
  const { server, before, after } = asked;
  const middle = before + (after - before) / 2;
  // Its second may have begun up to 1 s before.
  const ahead = middle - (server + 500);
  if (Math.abs(ahead) <= toldFromMs) return [ok('the clock is that of the source')];
  const words = `The clock is ${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'} that of the source.`;
  const say = Math.abs(ahead) >= brokenFromMs ? fail : warn;
  return [say(words, 'timedatectl set-ntp true')];
}

async function askTime({ config, probes, now }: DoctorWorld) {
  const { source } = config;
  const before = now();
  let answer: WebAnswer;
  if (source.github !== undefined) answer = await probes.github(githubPath(config));
  else if (/^https?:/.test(source.git ?? ''))
    answer = await probes.web(new URL(source.git!).origin);
  else return null;
  const server = Date.parse(answer.headers['date'] ?? '');
  return Number.isNaN(server) ? null : { server, before, after: now() };
}
