import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { signingKeyToPem, type SigningKey } from '../../model/keys.ts';

export interface HostSetting {
  /** The folder for everything on this "host". */
  readonly folder: string;
  readonly name: string;
  readonly key: SigningKey;
  /** `owner/name`, and the stand-in's address. */
  readonly repository: string;
  readonly url: string;
  /** What the agent asks GitHub and Git with. */
  readonly token: string;
  readonly environment: string;
  /** The App's public key, `ed25519:…` */
  readonly appKey: string;
  /** Variables that the config asks the host for, from the environment of whoever rehearses. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Lays out a host as an operator would: agent.yml, its key, its token, its secrets. Gives agent.yml's path. */
export async function stageHost(setting: HostSetting): Promise<string> {
  const { folder, name, key, repository, url, environment, appKey } = setting;
  const [state, envRoot] = [join(folder, 'state'), join(folder, 'env')];
  for (const path of [state, envRoot]) await mkdir(path, { recursive: true, mode: 0o700 });
  await writeSecret(join(state, 'key'), signingKeyToPem(key));
  const tokenFile = join(folder, 'token');
  await writeSecret(tokenFile, setting.token);
  await writeSecret(join(envRoot, 'rehearsal.env'), dotEnvOf(setting.secrets));
  const config = {
    name,
    environments: [environment],
    source: { github: repository, url, credentials: { token_file: tokenFile } },
    poll: '2s',
    state,
    env_root: envRoot,
    trust: { keys: [{ id: 'rehearsal', key: appKey, environments: [environment] }] },
  };
  const path = join(folder, 'agent.yml');
  await writeFile(path, stringify(config));
  return path;
}

async function writeSecret(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  await chmod(path, 0o600);
}

function dotEnvOf(secrets: Readonly<Record<string, string>>): string {
  return Object.entries(secrets)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
    .join('');
}
