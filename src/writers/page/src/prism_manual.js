// Imported before prism: it is not to look for code in the page by itself.
window.Prism = { manual: true };
