/**
 * `npm run package`: writes a tar.gz and a .deb that bring their own Node to `dist/package/`, with
 * their digests. `--sign FILE`: and a signature, with a key that `sallyport app keygen` made. `--level`:
 * how hard gzip tries, 1 to 9.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { version as programs } from '../src/cli/version.ts';
import { parseSigningKey } from '../src/model/keys.ts';
import { digestOfFile, sign } from '../src/upkeep/upgrade/signature.ts';
import { makeDeb } from './package/make-deb.ts';
import { makeTarball } from './package/make-tarball.ts';
import { debArchitectures, stageTree, type Release } from './package/stage-tree.ts';

const { values } = parseArgs({
  options: { sign: { type: 'string' }, out: { type: 'string' }, level: { type: 'string' } },
});
const out = values.out ?? 'dist/package';
const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
if (version !== programs) {
  throw new Error(
    `package.json says ${version}, src/cli/version.ts ${programs}: no host would take it`,
  );
}
const release: Release = { version, architecture: process.arch, level: values.level ?? '6' };
if (!debArchitectures[release.architecture]) {
  throw new Error(`there are no packages for ${release.architecture}`);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const stage = join(out, 'stage');
const tree = await stageTree(stage, release);
const packages = [
  await makeTarball(tree, out, release),
  await makeDeb(tree, stage, out, release),
] as const;
await rm(stage, { recursive: true });

const sums: string[] = [];
for (const path of packages) {
  const { sha256, bytes } = await digestOfFile(path);
  sums.push(`${sha256}  ${basename(path)}`);
  process.stdout.write(`${path}  ${(bytes / 1e6).toFixed(1)} MB\n`);
}
await writeFile(join(out, 'SHA256SUMS'), `${sums.join('\n')}\n`);

if (values.sign !== undefined) {
  const key = parseSigningKey(await readFile(values.sign, 'utf8'));
  const [tarball] = packages;
  await writeFile(`${tarball}.sig`, await sign(tarball, version, key));
  process.stdout.write(`${tarball}.sig  signed with ${key.public.text}\n`);
}
