// A form is sent once, and isn't left by accident with something typed in it.
let changed = false;

document.addEventListener('input', ({ target }) => {
  if (target.closest('form[data-work]')) changed = true;
});
addEventListener('beforeunload', (event) => {
  if (changed) event.preventDefault();
});
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.matches('[data-work]')) changed = false;
  if (form.dataset.sending !== undefined) {
    event.preventDefault(); // the second click of a double click
    return;
  }
  if (form.method !== 'post') return;
  form.dataset.sending = '';
  form.setAttribute('aria-busy', 'true');
});
// A page that comes back from the browser's memory can be sent again.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sending]')) {
    delete form.dataset.sending;
    form.removeAttribute('aria-busy');
  }
});
// What was typed before an error is unsaved still.
changed = document.querySelector('form[data-work][data-unsaved]') !== null;
