// Seconds that pass in front of the reader.

import { all, inWords, say } from "./page.js";

const whenFree = new WeakMap();

// `line` counts down from now; `done` is called once at the end.
export function countDown(line, seconds, done = () => {}) {
  line.hidden = false;
  line.dataset.free = Date.now() + seconds * 1000;
  whenFree.set(line, done);
  tick(line);
}

function tick(line) {
  const seconds = (Number(line.dataset.free) - Date.now()) / 1000;
  line.textContent = seconds > 0 ? `You can ask again in ${inWords(seconds)}.` : "You can ask again now.";
  if (seconds > 0) return;
  delete line.dataset.free;
  say(line.textContent);
  whenFree.get(line)();
}

setInterval(() => all("[data-free]").forEach(tick), 1000);
