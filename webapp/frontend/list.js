// j and k walk through a list, Enter opens, c claims, / goes to the search.
const rows = () => [...document.querySelectorAll('[data-list] [data-row]')];
const isTyping = (target) => target.closest('input, textarea, select, [contenteditable]');

function move(step) {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  next?.querySelector('.row-link').focus();
  next?.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (!document.querySelector('[data-list]')) return;
  if (event.key === 'j') move(1);
  else if (event.key === 'k') move(-1);
  else if (event.key === 'c') document.activeElement.closest('[data-row]')?.querySelector('[data-claim]')?.click();
  else if (event.key === '/') document.querySelector('.filters [type=search]')?.focus();
  else return;
  event.preventDefault();
});

// The whole row opens what its link opens; the link itself is what keyboards and readers use.
document.addEventListener('click', (event) => {
  const row = event.target.closest('[data-list] [data-row]');
  if (!row || event.target.closest('a, button, form, input') || String(getSelection())) return;
  row.querySelector('.row-link').click();
});
