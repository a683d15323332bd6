import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { debArchitectures, type Release } from './stage-tree.ts';
import { writtenAt } from './written-at.ts';

/**
 * The tree in /opt/sallyport/versions, where `sallyport agent upgrade` puts its own too. Which one
 * counts is a link beside them that no package owns, so that both ways of upgrading agree.
 */
export async function makeDeb(
  tree: string,
  stage: string,
  out: string,
  release: Release,
): Promise<string> {
  const root = join(stage, 'deb');
  const { version, architecture, level } = release;
  const versions = join(root, 'opt/sallyport/versions');
  await mkdir(versions, { recursive: true });
  await cp(tree, join(versions, version), { recursive: true });
  await mkdir(join(root, 'usr/bin'), { recursive: true });
  await symlink('/opt/sallyport/current/bin/sallyport', join(root, 'usr/bin/sallyport'));
  await addCompletion(root);
  await mkdir(join(root, 'DEBIAN'));
  for (const [name, text] of Object.entries(controlFiles(release))) {
    await writeFile(join(root, 'DEBIAN', name), text, { mode: name === 'control' ? 0o644 : 0o755 });
  }
  const path = join(out, `sallyport_${version}_${debArchitectures[architecture]}.deb`);
  const env = { SOURCE_DATE_EPOCH: await writtenAt() };
  await execa('dpkg-deb', ['-Zgzip', `-z${level}`, '--root-owner-group', '--build', root, path], {
    env,
  });
  return path;
}

async function addCompletion(root: string): Promise<void> {
  const folder = join(root, 'usr/share/bash-completion/completions');
  await mkdir(folder, { recursive: true });
  const { stdout } = await execa(process.execPath, ['dist/cli.js', 'completion', 'bash']);
  await writeFile(join(folder, 'sallyport'), `${stdout}\n`);
}

/** What dpkg reads and runs; see deb-control(5) and the Debian policy, chapter 6. */
function controlFiles({ version, architecture }: Release): Readonly<Record<string, string>> {
  return {
    control: `Package: sallyport
Version: ${version}
Architecture: ${debArchitectures[architecture]}
Maintainer: Sallyport <sallyport@users.noreply.github.com>
Section: admin
Priority: optional
Depends: libc6, libstdc++6, git
Recommends: systemd
Homepage: https://github.com/sallyport/sallyport
Description: Deployments from GitHub to machines that GitHub cannot reach
 The agent of a host, its embedded proxy and the sallyport program, with
 a Node.js of their own. Nothing is started before sallyport agent install.
`,
    postinst: `#!/bin/sh
set -e
case "$1" in
  configure)
    ln -sfn versions/${version} /opt/sallyport/current.new
    mv -T /opt/sallyport/current.new /opt/sallyport/current
    if [ -d /run/systemd/system ]; then
      systemctl daemon-reload || true
      # There is none before sallyport agent install.
      if [ -e /etc/systemd/system/sallyport-agent.service ]; then
        systemctl try-restart sallyport-agent.service || true
      fi
    fi
    ;;
esac
`,
    // Services and their proxy run on: nobody who removes a program wants its users to notice.
    prerm: `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -e /etc/systemd/system/sallyport-agent.service ] && [ -d /run/systemd/system ]; then
  systemctl stop sallyport-agent.service || true
fi
`,
    postrm: `#!/bin/sh
set -e
case "$1" in
  remove | purge)
    # With purge, what sallyport agent upgrade has brought goes too.
    [ "$1" != purge ] || rm -rf /opt/sallyport
    [ "$(readlink /opt/sallyport/current)" != versions/${version} ] || rm -f /opt/sallyport/current
    rmdir --ignore-fail-on-non-empty /opt/sallyport/versions /opt/sallyport 2>/dev/null || true
    ;;
esac
`,
  };
}
