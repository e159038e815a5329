// The composer: typing, sending, and changing an earlier prompt.

import { attachAgain, takeAttached } from "./attachments.js";
import { chosenOptions, setOptions, showOptions } from "./options.js";
import { all, find } from "./page.js";
import { ask } from "./turns.js";

const composer = find("#composer");
const prompt = find("#prompt");

let edited = null; // the task whose prompt is being changed
let before = null; // the options that were set until then

function write(text) {
  prompt.value = text;
  grow();
  prompt.focus();
  prompt.setSelectionRange(text.length, text.length);
}

function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  prompt.style.height = "auto";
  prompt.style.height = `${prompt.scrollHeight}px`;
}

find("#turns").addEventListener("edit", ({ detail }) => {
  before ??= chosenOptions();
  edited = detail.task ?? null;
  find("#editing").hidden = !edited;
  find("#attach").hidden = Boolean(edited); // the pictures that the first request came with go along
  if (detail.options) setOptions(detail.options);
  attachAgain(detail.pictures ?? []);
  write(detail.text);
});

function stopEditing() {
  if (edited && before) setOptions(before);
  edited = before = null;
  find("#editing").hidden = true;
  find("#attach").hidden = false;
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = prompt.value.trim();
  if (!text) return prompt.focus();
  const body = { prompt: text, ...chosenOptions() };
  const pictures = takeAttached();
  if (pictures.length && !edited) body.reference_images = pictures;
  ask({ path: edited ? `/images/tasks/${edited}/again` : "/images/generate", body, shown: text, task: edited });
  write("");
  stopEditing();
  showOptions(false);
});

prompt.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});
prompt.addEventListener("input", grow);
find("#stop-editing").addEventListener("click", () => { stopEditing(); write(""); });
all("[data-example]").forEach((button) => button.addEventListener("click", () => write(button.dataset.example)));
