// What every page does beyond plain HTML. All of it works without this file, only with more clicks.
import 'htmx.org';
import './app.css';
import './list.js';
import './forms.js';
import './sending.js';

// Menus made of <details> close when the attention goes elsewhere.
document.addEventListener('click', ({ target }) => {
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(target)) menu.open = false;
  }
});
document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

// Print shows what is folded away on the screen.
addEventListener('beforeprint', () => {
  for (const part of document.querySelectorAll('details[data-print]:not([open])')) {
    part.open = true;
    part.dataset.openedForPrint = '';
  }
});
addEventListener('afterprint', () => {
  for (const part of document.querySelectorAll('details[data-opened-for-print]')) {
    part.open = false;
    delete part.dataset.openedForPrint;
  }
});
