/** A line of the process' own log. */
export function say(facts: Readonly<Record<string, string | number>>): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...facts })}\n`);
}
