/** One style for light and dark, wide and narrow. */
export const style = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1f2328, #e6edf3); --quiet: light-dark(#59636e, #9198a1);
  --paper: light-dark(#fff, #0d1117); --soft: light-dark(#f6f8fa, #151b23);
  --line: light-dark(#d1d9e0, #3d444d); --link: light-dark(#0969da, #4493f8);
  --green: light-dark(#1a7f37, #238636); --red: light-dark(#cf222e, #da3633);
  --amber: light-dark(#9a6700, #9e6a03); --purple: light-dark(#8250df, #8957e5);
  --grey: light-dark(#59636e, #656c76); --blue: light-dark(#0969da, #1f6feb);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 14px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
code, pre { font: 12px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
code { background: color-mix(in srgb, var(--grey) 16%, transparent); border-radius: 6px; padding: .2em .4em; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 12px; overflow-x: auto; }
pre code { background: none; padding: 0; }
.quiet { color: var(--quiet); } .quiet strong { font-weight: 600; } .right { margin-left: auto; }
nav.top { display: flex; flex-wrap: wrap; gap: 4px 8px; padding: 14px 24px; background: var(--soft); border-bottom: 1px solid var(--line); }
nav.top a { color: var(--ink); }
body.away nav.top::after { content: "not answering"; color: var(--red); }
main { max-width: 1216px; margin: 0 auto; padding: 20px 24px 60px; }
h1 { font-size: 28px; font-weight: 400; line-height: 1.25; margin: 4px 0 8px; overflow-wrap: anywhere; }
h1 .quiet { font-weight: 300; }
.subtitle { padding-bottom: 16px; border-bottom: 1px solid var(--line); margin: 0 0 20px; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 340px; gap: 28px; }
aside section { border-bottom: 1px solid var(--line); padding-bottom: 14px; margin-bottom: 14px; }
aside h2 { font-size: 12px; color: var(--quiet); margin: 0 0 8px; }
.pill { display: inline-block; padding: 0 9px; border-radius: 2em; color: #fff; background: var(--grey); font-size: 12px; font-weight: 500; line-height: 20px; white-space: nowrap; }
.subtitle .pill { font-size: 14px; line-height: 30px; padding: 0 12px; margin-right: 6px; }
.pill.open, .pill.success { background: var(--green); }
.pill.merged { background: var(--purple); }
.pill.closed, .pill.failure, .pill.error, .pill.timed_out, .pill.cancelled { background: var(--red); }
.pill.pending, .pill.queued, .pill.action_required { background: var(--amber); }
.pill.in_progress { background: var(--blue); }
.pill.in_progress::before { content: ""; display: inline-block; width: 9px; height: 9px; margin-right: 5px; vertical-align: -1px;
  border: 2px solid #fff; border-top-color: transparent; border-radius: 50%; animation: turn 1s linear infinite; }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { .pill.in_progress::before { animation: none; } }
.label { border: 1px solid var(--line); border-radius: 2em; padding: 0 7px; font-size: 12px; font-weight: 500; color: var(--quiet); white-space: nowrap; }
.timeline { border-bottom: 2px solid var(--line); padding-bottom: 8px; }
.comment { display: grid; grid-template-columns: 40px minmax(0, 1fr); gap: 14px; }
.comment > * { position: relative; }
.timeline > *:not(:last-child) { padding-bottom: 18px; background: linear-gradient(var(--line), var(--line)) 70px 0 / 2px 100% no-repeat; }
.avatar { width: 40px; height: 40px; } .avatar text { fill: #fff; font: 600 15px sans-serif; }
.bubble { border: 1px solid var(--line); border-radius: 6px; background: var(--paper); }
.bubble > header { display: flex; justify-content: space-between; gap: 8px; padding: 7px 14px; background: var(--soft); border-bottom: 1px solid var(--line); border-radius: 6px 6px 0 0; }
.bubble > .markdown { padding: 12px 14px; }
.markdown { overflow-wrap: anywhere; }
.markdown > :first-child { margin-top: 0; } .markdown > :last-child { margin-bottom: 0; }
.markdown h2, .markdown h3, .markdown h4 { margin: 14px 0 8px; font-size: 16px; }
.markdown h2 { font-size: 19px; } .markdown p, .markdown ul, .markdown ol { margin: 0 0 12px; }
.markdown blockquote { margin: 0 0 12px; padding: 0 1em; border-left: 4px solid var(--line); color: var(--quiet); }
.scroll { overflow-x: auto; margin-bottom: 12px; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: 5px 12px; text-align: left; overflow-wrap: normal; }
tbody tr:nth-child(even) { background: var(--soft); }
.reactions { display: flex; gap: 6px; } .reaction { border: 1px solid var(--line); border-radius: 2em; padding: 0 9px; font-size: 12px; line-height: 24px; }
.event { margin: 0; padding-left: 62px; } .event .dot { display: inline-block; width: 12px; height: 12px; margin: 0 8px 0 3px; border-radius: 50%; background: var(--line); border: 2px solid var(--paper); }
ul.plain { list-style: none; padding: 0; margin: 0; } ul.plain li { padding: 6px 0; overflow-wrap: anywhere; }
.repository { border: 1px solid var(--line); border-radius: 6px; margin-bottom: 20px; }
.repository header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 12px 16px; background: var(--soft); border-radius: 6px 6px 0 0; }
.repository h2 { font-size: 16px; margin: 0; } .repository li, .repository > p { padding: 10px 16px; margin: 0; border-top: 1px solid var(--line); }
.deployment { border: 1px solid var(--line); border-radius: 6px; padding: 10px 12px; margin-bottom: 12px; overflow-wrap: anywhere; }
.deployment p { margin: 4px 0 0; font-size: 12px; }
.track { list-style: none; margin: 10px 0 0; padding: 0; font-size: 13px; }
.track li { position: relative; padding: 0 0 10px 18px; border-left: 2px solid var(--line); margin-left: 5px; }
.track li:last-child { padding-bottom: 0; }
.track li::before { content: ""; position: absolute; left: -6px; top: 5px; width: 10px; height: 10px; border-radius: 50%; background: var(--grey); }
.track .success::before { background: var(--green); } .track .failure::before, .track .error::before { background: var(--red); }
.track .in_progress::before { background: var(--blue); } .track .queued::before, .track .pending::before { background: var(--amber); }
.track li > span { display: block; } .track .quiet { font-size: 12px; }
.summary { font-size: 12px; margin-top: 4px; max-height: 320px; overflow: auto; } .summary pre { padding: 8px; }
.tabs { display: flex; flex-wrap: wrap; gap: 4px; margin-bottom: 16px; border-bottom: 1px solid var(--line); }
.tabs a { padding: 8px 14px; color: var(--ink); } .tabs .here { border-bottom: 2px solid #fd8c73; font-weight: 600; }
.wide { max-width: 760px; }
form.box { max-width: calc(100% - 368px); padding: 16px 0 0 54px; } .box > label { font-weight: 600; }
textarea { width: 100%; margin: 6px 0; padding: 8px 12px; resize: vertical; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
button, select { font: inherit; color: inherit; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 4px 12px; cursor: pointer; }
.chips { display: flex; flex-wrap: wrap; gap: 6px; margin-bottom: 10px; } .chips button { font: 12px ui-monospace, monospace; padding: 3px 9px; border-radius: 2em; }
form.press { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; margin-top: 6px; font-size: 12px; } form.press button, form.press select { padding: 2px 10px; }
.send { display: flex; justify-content: flex-end; align-items: center; gap: 10px; } .send [role=alert] { color: var(--red); margin-right: auto; order: -1; }
.primary { color: #fff; background: var(--green); border-color: transparent; font-weight: 500; padding: 5px 16px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
@media (max-width: 860px) {
  main { padding: 14px 14px 40px; } nav.top { padding: 12px 14px; } h1 { font-size: 22px; }
  .columns { grid-template-columns: minmax(0, 1fr); }
  form.box { max-width: none; padding-left: 0; }
  .comment { grid-template-columns: minmax(0, 1fr); } .comment > .avatar { display: none; }
  .timeline > *:not(:last-child) { background-position: 14px 0; } .event { padding-left: 6px; }
}
`;
