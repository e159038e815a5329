// The chat page begins: its parts wire themselves, then every task that still runs is followed.

import "./composer.js";
import "./large.js";
import { fitToModel } from "./options.js";
import { all, find } from "./page.js";
import { follow } from "./turns.js";
import "./usage.js";

fitToModel();
all(".turn").forEach(follow);
if (find(".turn")) scrollTo({ top: document.documentElement.scrollHeight });

// Menus are <details>: they open by themselves, and close as menus do.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || find("#large").open) return;
  for (const menu of all(".menu[open]")) {
    menu.open = false;
    find("summary", menu).focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of all(".menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest("a")) menu.open = false;
  }
});
