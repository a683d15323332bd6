import { configPath } from '../../../agent/read-config.ts';
import { enrolment, hostKeyPath } from '../../../agent/host-key.ts';
import { parseRepositoryConfig } from '../../../config/parse.ts';
import { parseSigningKey } from '../../../model/keys.ts';
import { fail, ok, warn, type Finding } from '../finding.ts';
import { githubPath } from '../github-path.ts';
import type { DoctorWorld } from '../world.ts';

/** Whether the policy knows this host by its key; without GitHub only what it is to say is told. */
export async function checkEnrolled(world: DoctorWorld): Promise<readonly Finding[]> {
  const { config, probes, machine } = world;
  const path = hostKeyPath(config.state);
  // That there is none is told by the permissions.
  if (!(await machine.facts(path))) return [];
  const pem = await machine.read(path);
  if (pem === null)
    return [fail(`${path} cannot be read.`, `ls -l ${path}; then ask as root, with sudo`)];
  const key = parseSigningKey(pem);
  const line = enrolment(config.name, key, config.environments);
  if (config.source.github === undefined) {
    return [ok(`${configPath} names it so, under agents: ${line}`)];
  }
  const answer = await probes.github(
    `${githubPath(config)}/contents/${configPath}`,
    'application/vnd.github.raw+json',
  );
  const propose = `Add it with a pull request, under agents: ${line}`;
  if (answer.status === 404) {
    return [warn(`There is no ${configPath} on the default branch yet.`, propose)];
  }
  if (answer.status !== 200) return [warn(`The policy cannot be read (${answer.status}).`)];
  const parsed = parseRepositoryConfig(answer.text, configPath);
  if (!parsed.ok) {
    const [first] = parsed.problems;
    const where = `${configPath} on the default branch, line ${first?.line ?? 1}`;
    return [
      fail(
        `${where}: ${first?.message ?? 'it cannot be read'}`,
        `sallyport validate ${configPath}`,
      ),
    ];
  }
  const mine = parsed.config.agents[config.name];
  if (!mine) return [warn(`The policy does not know ${config.name} yet.`, propose)];
  if (mine.key !== key.public.text) {
    return [
      fail(
        `The policy knows ${config.name} by another key, so nothing that it says counts.`,
        propose,
      ),
    ];
  }
  const missing = config.environments.filter((name) => !mine.environments.includes(name));
  if (missing.length === 0) return [ok(`${config.name} is enrolled`)];
  return [warn(`The policy does not let ${config.name} speak for ${missing.join(', ')}.`, propose)];
}
