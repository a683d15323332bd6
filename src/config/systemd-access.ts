/**
 * Where units of the host's manager are kept, which links to them. Below /etc, not in the agent's state:
 * systemd reads them early in a boot, when another disk may not be mounted yet.
 */
export const systemUnitsFolder = '/etc/sallyport/units';

/** Where `polkitRule` belongs. */
export const polkitRulePath = '/etc/polkit-1/rules.d/50-sallyport.rules';

/**
 * A rule of polkit that lets a user other than root work with `init: systemd`. It is as much as
 * root: whoever writes units for the host's manager decides whom they run as.
 */
export function polkitRule(user: string): string {
  const name = JSON.stringify(user);
  return `// Sallyport: lets ${user.replaceAll(/[\r\n]/g, ' ')} start and stop units of its own, for \`init: systemd\`.
// Units of the host's manager may run as anybody: this makes the user as powerful as root.
polkit.addRule(function (action, subject) {
  if (subject.user !== ${name}) return polkit.Result.NOT_HANDLED;
  if (action.id === "org.freedesktop.systemd1.manage-units") {
    var unit = action.lookup("unit") || "";
    return /^sallyport-[^\\/]+\\.service$/.test(unit) ? polkit.Result.YES : polkit.Result.NOT_HANDLED;
  }
  if (
    action.id === "org.freedesktop.systemd1.manage-unit-files" ||
    action.id === "org.freedesktop.systemd1.reload-daemon"
  ) {
    return polkit.Result.YES;
  }
  return polkit.Result.NOT_HANDLED;
});
`;
}
