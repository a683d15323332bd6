import { fail, ok, type Finding } from '../finding.ts';

/** Zones that windows may name; a Node built without its data knows none of them. */
const samples = ['Europe/Berlin', 'America/New_York', 'Pacific/Honolulu', 'Asia/Kolkata'];

/** Windows and freezes are judged in their own time zone. */
export async function checkTimeZones(): Promise<readonly Finding[]> {
  const unknown = samples.filter((zone) => !isKnown(zone));
  if (unknown.length === 0) return [ok('time zones are known')];
  return [
    fail(
      `This Node does not know ${unknown.join(', ')}, so windows cannot be judged.`,
      'Use a Node with full ICU, such as the one from nodejs.org.',
    ),
  ];
}

function isKnown(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
