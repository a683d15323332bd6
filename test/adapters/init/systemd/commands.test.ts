import { expect, test } from 'vitest';
import { journalCommand, managerCommands } from '../../../../src/adapters/init/systemd/commands.ts';

const unit = 'sallyport-production.web.blue.service';
const user = managerCommands('user');
const system = managerCommands('system');
const shown =
  '--property=LoadState,UnitFileState,NeedDaemonReload,ActiveState,SubState,MainPID,ExecMainCode,ExecMainStatus,Result';

test.each([
  [user.show(unit), `systemctl --user --no-ask-password show ${shown} ${unit}`],
  [system.show(unit), `systemctl --system --no-ask-password show ${shown} ${unit}`],
  [user.enable(`/u/${unit}`), `systemctl --user --no-ask-password enable --quiet /u/${unit}`],
  [user.disable(unit), `systemctl --user --no-ask-password disable --quiet ${unit}`],
  [system.start(unit, true), `systemctl --system --no-ask-password start ${unit}`],
  [system.start(unit, false), `systemctl --system --no-ask-password start --no-block ${unit}`],
  [user.stop(unit), `systemctl --user --no-ask-password stop ${unit}`],
  [
    user.kill(unit, 'main', 'SIGHUP'),
    `systemctl --user --no-ask-password kill --kill-whom=main --signal=SIGHUP ${unit}`,
  ],
  [
    user.kill(unit, 'all', 'SIGKILL'),
    `systemctl --user --no-ask-password kill --kill-whom=all --signal=SIGKILL ${unit}`,
  ],
  [user.resetFailed(unit), `systemctl --user --no-ask-password reset-failed ${unit}`],
  [user.environment(), 'systemctl --user --no-ask-password show-environment'],
  [system.isRunning(), 'systemctl --system --no-ask-password is-system-running'],
  [
    journalCommand('sallyport-a', 998, 20, null),
    'journalctl --quiet --no-pager --output=cat --reverse --lines=20 --identifier=sallyport-a _UID=998',
  ],
  [
    journalCommand('sallyport-a', 998, 20, 1_700_000_000_123.456),
    'journalctl --quiet --no-pager --output=cat --reverse --lines=20 --since=@1700000000.123456 --identifier=sallyport-a _UID=998',
  ],
])('%s', (command, line) => {
  expect(command.join(' ')).toBe(line);
});
