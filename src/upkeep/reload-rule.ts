import type { UnitFacts } from './agent-unit.ts';

/**
 * A rule of polkit that lets the agent's user have the proxy read its configuration again, and nothing
 * else; `null` where nothing is to be read again, or another command does it.
 */
export function reloadRule({ config, driver, scope, user }: UnitFacts): string | null {
  if (scope === 'user' || (driver !== 'nginx' && driver !== 'haproxy')) return null;
  const [program, verb, named, ...more] = config.proxies[driver].reload;
  if (program !== 'systemctl' || verb !== 'reload' || named === undefined || more.length > 0) {
    return null;
  }
  const unit = named.endsWith('.service') ? named : `${named}.service`;
  return `// Sallyport: lets the agent reload ${driver}, when a service gets a route of its own.
polkit.addRule(function (action, subject) {
  if (
    subject.user === ${JSON.stringify(user)} &&
    action.id === "org.freedesktop.systemd1.manage-units" &&
    action.lookup("unit") === ${JSON.stringify(unit)} &&
    action.lookup("verb") === "reload"
  ) {
    return polkit.Result.YES;
  }
  return polkit.Result.NOT_HANDLED;
});
`;
}
