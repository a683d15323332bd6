/** What runs in the browser; without it the page still works, it just does not move. */
export const script = `
const live = document.getElementById('live');
const form = document.querySelector('form.box');
let etag = '';

function localTimes(root) {
  const today = new Date().toDateString();
  for (const time of root.querySelectorAll('time')) {
    const at = new Date(time.dateTime);
    const day = at.toDateString() === today ? '' : at.toLocaleDateString() + ' ';
    time.title = time.dateTime;
    time.textContent = day + at.toLocaleTimeString();
  }
}

async function refresh() {
  try {
    const headers = etag ? { 'if-none-match': etag } : {};
    const answer = await fetch(location.pathname + '?live', { headers, cache: 'no-store' });
    document.body.classList.remove('away');
    if (answer.status !== 200) return;
    etag = answer.headers.get('etag');
    const { html } = await answer.json();
    live.innerHTML = html;
    localTimes(live);
  } catch {
    document.body.classList.add('away');
  }
}

async function keepFresh() {
  if (!document.hidden) await refresh();
  setTimeout(keepFresh, 1000);
}

async function send(event) {
  event.preventDefault();
  const told = form.querySelector('[role=alert]');
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: 'POST', body, redirect: 'manual' });
    const ok = answer.ok || answer.type === 'opaqueredirect';
    told.textContent = ok ? '' : await answer.text();
    if (ok) form.elements.body.value = '';
    await refresh();
    if (ok) live.querySelector('.timeline > :last-child')?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  } catch {
    told.textContent = 'The stand-in does not answer.';
  }
}

async function press(event) {
  if (!event.target.matches('form.press')) return;
  event.preventDefault();
  const { target: pressed, submitter } = event;
  try {
    const body = new URLSearchParams(new FormData(pressed, submitter));
    submitter.disabled = true;
    await fetch(pressed.action, { method: 'POST', body, redirect: 'manual' });
    await refresh();
  } finally {
    submitter.disabled = false;
  }
}

live.addEventListener('submit', press);
form?.addEventListener('submit', send);
form?.addEventListener('click', ({ target }) => {
  const { command } = target.dataset;
  if (!command) return;
  form.elements.body.value = command;
  form.elements.body.focus();
});
form?.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
localTimes(document);
keepFresh();
`;
