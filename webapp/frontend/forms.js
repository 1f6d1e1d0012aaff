// Keeps a form in step with the answers without a page load. The server decides alone what is shown: when an answer
// changes that conditions read, or a row is added or removed, the whole form is posted with the button's name and the
// region [data-form-fields] is taken out of the answer. Without this file the same buttons do the same.
const REGION = '[data-form-fields]';
const BUTTONS = new Set(['_refresh', '_row_add', '_row_remove', '_file_remove']);
let running = null;

document.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (!button || !BUTTONS.has(button.name) || !button.closest(REGION)) return;
  event.preventDefault();
  refresh(button.closest(REGION), button);
});

document.addEventListener('change', ({ target }) => {
  const region = target.closest?.(REGION);
  if (region && target.dataset.refresh !== undefined) refresh(region, null);
});

document.querySelector('[data-form-errors]')?.focus();

async function refresh(region, button) {
  if (region.inert) return; // rows are being changed: their numbers are not certain now
  const form = region.closest('form');
  const data = new FormData(form);
  data.append(button?.name ?? '_refresh', button?.value ?? '1');
  const sent = states(region);
  running?.abort();
  const mine = (running = new AbortController());
  region.setAttribute('aria-busy', 'true');
  if (button) region.inert = true;
  try {
    const fresh = await ask(form, data, region.dataset.formFields, mine.signal);
    swap(region, fresh, sent, button);
  } catch (error) {
    if (error.name === 'AbortError') return;
    region.inert = false;
    if (button) submitNatively(form, button);
  } finally {
    region.removeAttribute('aria-busy');
    if (running === mine) running = null;
  }
}

async function ask(form, body, key, signal) {
  // Not form.action: a field may be named "action" and would stand in its place.
  const address = form.getAttribute('action') || location.href;
  const response = await fetch(address, { method: 'POST', body, signal, headers: { 'X-Requested-With': 'fetch' } });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = page.querySelector(`[data-form-fields="${CSS.escape(key)}"]`);
  if (!response.ok || !fresh) throw new Error(`the form did not come back (${response.status})`);
  return document.adoptNode(fresh);
}

function swap(region, fresh, sent, button) {
  const active = region.contains(document.activeElement) ? document.activeElement : null;
  const caret = active && 'selectionStart' in active ? [active.selectionStart, active.selectionEnd] : null;
  if (!button) keepTyping(region, fresh, sent);
  region.replaceWith(fresh);
  const next = button
    ? fresh.querySelector('[autofocus]') ?? afterButton(fresh, button)
    : active && document.getElementById(active.id);
  next?.focus({ preventScroll: !button });
  if (next && !button && caret && caret[0] !== null) next.setSelectionRange(...caret);
  const status = fresh.querySelector('[data-form-status]');
  if (status) status.textContent = fresh.dataset.updated ?? '';
}

// What was typed while the answer was under way is newer than the answer.
function keepTyping(region, fresh, sent) {
  for (const [id, state] of states(region)) {
    const input = state !== sent.get(id) && fresh.querySelector(`#${CSS.escape(id)}`);
    const old = input && document.getElementById(id);
    if (!input || input.type !== old.type) continue;
    if (input.type === 'file') input.files = old.files;
    else if (input.type === 'checkbox' || input.type === 'radio') input.checked = old.checked;
    else input.value = old.value;
  }
}

function states(region) {
  const inputs = [...region.querySelectorAll('input[id], select[id], textarea[id]')];
  return new Map(inputs.map((input) => [input.id, stateOf(input)]));
}

function stateOf(input) {
  if (input.type === 'file') return [...input.files].map((file) => `${file.name}/${file.size}`).join();
  return input.type === 'checkbox' || input.type === 'radio' ? String(input.checked) : input.value;
}

function afterButton(fresh, button) {
  const path = button.value.split(':')[0].replace(/\.\d+$/, '');
  const id = `f-${path.replaceAll('.', '-')}`;
  return fresh.querySelector(`#${CSS.escape(`${id}-add`)}`) ?? fresh.querySelector(`#${CSS.escape(id)}`);
}

function submitNatively(form, button) {
  const input = document.createElement('input');
  Object.assign(input, { type: 'hidden', name: button.name, value: button.value });
  form.append(input);
  HTMLFormElement.prototype.submit.call(form);
}
