import { expect, test } from 'vitest';
import { configOf, problemsOf } from './samples.ts';

const windows = (text: string): string =>
  `version: 1\nenvironments:\n  e:\n    windows: [{ kind: allow, duration: 8h, ${text} }]\n`;
const freezes = (text: string): string =>
  `version: 1\nenvironments:\n  e:\n    freezes: [{ ${text} }]\n`;

test('reads windows and freezes', () => {
  const text = `version: 1
environments:
  e:
    windows: [{ kind: allow, schedule: "0 9 * * mon-fri", duration: 8h, timezone: Pacific/Honolulu }]
    freezes: [{ from: 2026-12-20, to: 2027-01-03T18:00, timezone: Europe/Berlin, reason: holidays }]
`;
  expect(configOf(text).environments['e']).toMatchObject({
    windows: [{ duration: 28_800_000, manual: false }],
    freezes: [{ from: '2026-12-20', to: '2027-01-03T18:00' }],
  });
});

const at = '`environments.e.windows[0].schedule` is not a cron line, at character';

test.each([
  ['0 9 * *', `${at} 8: expected five fields (minute hour day month weekday), not 4.`],
  ['0 9 * * 1 2', `${at} 11: expected five fields (minute hour day month weekday), not 6.`],
  ['@daily', `${at} 7: expected five fields (minute hour day month weekday), not 1.`],
  ['60 9 * * *', `${at} 1: expected a minute from 0 to 59, not \`60\`.`],
  ['0 9,24 * * *', `${at} 5: expected an hour from 0 to 23, not \`24\`.`],
  ['0 9 L * *', `${at} 5: expected a day of the month from 1 to 31, not \`L\`.`],
  ['0 9 ? * 1', `${at} 5: expected a day of the month from 1 to 31, not \`?\`.`],
  ['0 9 15W * *', `${at} 5: expected a day of the month from 1 to 31, not \`15W\`.`],
  ['0 9 * 13 *', `${at} 7: expected a month from 1 to 12 or jan to dec, not \`13\`.`],
  ['0 9 * * fry', `${at} 9: expected a day of the week from 0 to 7 or sun to sat, not \`fry\`.`],
  ['0 9 * * 5#2', `${at} 9: expected a day of the week from 0 to 7 or sun to sat, not \`5#2\`.`],
  ['0 9 * * 1-8', `${at} 11: expected a day of the week from 0 to 7 or sun to sat, not \`8\`.`],
  [
    '0 9 * * fri-mon',
    `${at} 9: the range \`fri-mon\` ends before it begins; write it as two ranges.`,
  ],
  ['*/0 9 * * *', `${at} 3: expected a step from 1 to 59, not \`0\`.`],
  ['5/15 9 * * *', `${at} 1: the step of \`5/15\` needs a range: 5-59/15.`],
  ['1/2/3 9 * * *', `${at} 1: \`1/2/3\` has more than one step.`],
  ['1-2-3 9 * * *', `${at} 1: \`1-2-3\` is not a range.`],
  ['0 9, * * *', `${at} 5: expected an hour from 0 to 23, not nothing.`],
  ['0 9 31 2,4 *', `${at} 5: day 31 never comes in feb, apr.`],
])('refuses the schedule %j', (schedule, message) => {
  expect(problemsOf(windows(`schedule: "${schedule}"`))).toEqual([`4:54 ${message}`]);
});

test.each([
  ['Europe/Berln', 'is no timezone that is known here; did you mean Europe/Berlin?'],
  ['Mars/Olympus', 'is no timezone that is known here'],
  ['+01:00', 'is no timezone that is known here'],
])('refuses the timezone %j', (timezone, message) => {
  expect(problemsOf(windows(`schedule: "0 9 * * *", timezone: "${timezone}"`))).toEqual([
    `4:77 \`environments.e.windows[0].timezone\` ${message}.`,
  ]);
});

test.each([
  [
    'from: 2026-02-30, to: 2026-03-03',
    '4:23 `environments.e.freezes[0].from` is no day or time of the calendar.',
  ],
  [
    'from: 2026-03-03, to: 2026-03-03',
    '4:15 `environments.e.freezes[0]` must begin before it ends.',
  ],
  [
    'from: 2026-03-03, to: 2026-03-03T24:30',
    '4:39 `environments.e.freezes[0].to` is no day or time of the calendar.',
  ],
  [
    'from: tomorrow, to: 2026-03-03',
    '4:23 `environments.e.freezes[0].from` is "tomorrow"; expected a day such as 2026-12-20, or a time such as 2026-12-20T18:00.',
  ],
])('refuses the freeze { %s }', (freeze, message) => {
  expect(problemsOf(freezes(freeze))).toEqual([message]);
});
