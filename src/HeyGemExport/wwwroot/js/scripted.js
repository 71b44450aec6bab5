// Runs before anything is painted: what only works with scripts is there from the start, and nothing moves when they have loaded.
document.documentElement.classList.add('scripted');
