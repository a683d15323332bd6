const prefix = 'sallyport-';

/** What a program's unit is called: `production.web.blue` is `sallyport-production.web.blue.service`. */
export function unitNameOf(name: string): string {
  return `${identifierOf(name)}.service`;
}

/** What its lines in the journal are marked with. */
export function identifierOf(name: string): string {
  return `${prefix}${escapeName(name)}`;
}

/** As `systemd-escape` does, but for `-`: names may hold it, and it means nothing in a service's name. */
function escapeName(name: string): string {
  return [...Buffer.from(name, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (/[A-Za-z0-9:_.-]/.test(character)) return character;
      return `\\x${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}
