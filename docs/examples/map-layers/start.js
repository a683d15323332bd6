// Sets the example up in a folder of its own and runs it until Ctrl-C:
//   node start.js [folder] [program]
// A Git repository (repository.git, with a clone to push from), the map server, and an agent that
// follows the repository. `program` is how to call sallyport; by default the one on the PATH.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(tmpdir(), 'sallyport-maps'));
const program = (process.argv[3] ?? 'sallyport').split(' ');
const place = (name) => join(folder, name);
const git = (...words) =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
const sallyport = (...words) =>
  execFileSync(program[0], [...program.slice(1), ...words], { encoding: 'utf8' });

const server = spawn(process.execPath, [join(here, 'server/server.js'), place('live')], {
  env: { ...process.env, PORT: process.env.PORT ?? '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = await once(server.stdout, 'data');
const address = String(line).trim();

if (!existsSync(place('repository.git'))) {
  mkdirSync(place('live'), { recursive: true });
  const keygen = ['agent', 'keygen', '--state', place('state'), '--name', 'this-host', '--json'];
  const { key } = JSON.parse(sallyport(...keygen));
  cpSync(here, place('clone'), { recursive: true });
  const policy = place('clone/.github/sallyport.yml');
  writeFileSync(place('key'), key);
  writeFileSync(policy, readFileSync(policy, 'utf8').replace('ed25519:KEY', key));
  git('init', '-q', '--bare', '-b', 'main', place('repository.git'));
  git('init', '-q', '-b', 'main', place('clone'));
  git('-C', place('clone'), 'remote', 'add', 'origin', place('repository.git'));
}
// The ports and folders of this machine, not of the example.
const policy = place('clone/.github/sallyport.yml');
const text = readFileSync(policy, 'utf8')
  .replace('/srv/maps/', `${place('live')}/`)
  .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, address);
writeFileSync(policy, text);
git('-C', place('clone'), 'add', '-A');
git('-C', place('clone'), 'commit', '-q', '--allow-empty', '-m', 'Run the example');
git('-C', place('clone'), 'push', '-q', 'origin', 'main');

writeFileSync(
  place('agent.yml'),
  `name: this-host
environments: [development, staging, production]
source: { git: '${place('repository.git')}', branch: main }
poll: 2s
reconcile: 10s
state: ${place('state')}
allow: { kinds: [files], paths: ['${place('live')}'] }
`,
);
const agent = spawn(
  program[0],
  [...program.slice(1), 'agent', 'run', '--config', place('agent.yml')],
  {
    stdio: ['ignore', 'inherit', 'inherit'],
  },
);
process.stdout.write(`The map server answers at ${address}; push from ${place('clone')}.
Next:
  sallyport status --config ${place('agent.yml')}
  sallyport plan production --config ${place('agent.yml')}
`);

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => agent.kill('SIGTERM'));
const [code] = await once(agent, 'exit');
server.kill();
process.exitCode = code ?? 1;
