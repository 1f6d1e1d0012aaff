// Loaded before the first paint, so that a dark page never flashes white.
const dark = matchMedia('(prefers-color-scheme: dark)');
const apply = () => document.documentElement.setAttribute('data-bs-theme', dark.matches ? 'dark' : 'light');
apply();
dark.addEventListener('change', apply);
document.documentElement.classList.add('has-script');
