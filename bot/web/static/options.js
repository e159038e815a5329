// The options: lists that follow what the chosen model can do.

import { find } from "./page.js";

const options = find("#options");
const field = (name) => find(`[name=${name}]`, options);
const NAMES = ["model", "size", "quality", "style", "count", "background"];

function sizeWords(size) {
  const [width, height] = size.split("x").map(Number);
  const shape = width === height ? "square" : width > height ? "landscape" : "portrait";
  return `${width} × ${height}, ${shape}`;
}

function fill(name, values, first, words = (value) => value[0].toUpperCase() + value.slice(1)) {
  const select = field(name);
  const before = select.value;
  select.replaceChildren(new Option(first, ""), ...values.map((value) => new Option(words(value), value)));
  select.value = values.includes(before) ? before : "";
  select.closest("label").hidden = values.length === 0;
}

// The longest list of pictures that the chosen model works from.
export const mostPictures = () => Number(field("model").selectedOptions[0].dataset.references);

export function fitToModel() {
  const model = field("model").selectedOptions[0].dataset;
  const [usual, ...sizes] = model.sizes.split(" ");
  fill("size", sizes, sizeWords(usual), sizeWords);
  fill("quality", model.qualities.split(" ").filter((quality) => quality !== model.quality), capital(model.quality), capital);
  fill("count", Array.from({ length: model.count - 1 }, (_, index) => String(index + 2)), "1", (count) => count);
  fill("background", model.backgrounds.split(" ").filter((background) => background && background !== "auto"), "Automatic");
  find("#attach").disabled = mostPictures() === 0;
  summarise();
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1);
}

function summarise() {
  const changed = NAMES.filter((name) => field(name).value);
  const words = changed.map((name) => field(name).selectedOptions[0].text.split(",")[0] + (name === "count" ? " pictures" : ""));
  find("#summary").textContent = words.join(", ") || "Options";
  find("#options-button").ariaLabel = ["Options", ...words].join(", ");
  find("#options-button").classList.toggle("changed", changed.length > 0);
}

export function chosenOptions() {
  const chosen = Object.fromEntries(NAMES.map((name) => [name, field(name).value]).filter(([, value]) => value));
  return chosen.count ? { ...chosen, count: Number(chosen.count) } : chosen;
}

export function setOptions(chosen) {
  setOne("model", chosen.model ?? "");
  fitToModel();
  NAMES.slice(1).forEach((name) => setOne(name, chosen[name] ?? ""));
  summarise();
}

// A size that is not in the list (a flag asked for it) is added, so that editing keeps it.
function setOne(name, value) {
  const select = field(name);
  if (name === "size" && value && ![...select.options].some((option) => option.value === value)) select.append(new Option(sizeWords(value), value));
  select.value = value;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
}

export function showOptions(shown, back = false) {
  options.hidden = !shown;
  find("#options-button").setAttribute("aria-expanded", String(shown));
  if (shown) field("model").focus();
  else if (back) find("#options-button").focus();
}

find("#options-button").addEventListener("click", () => showOptions(options.hidden, true));
find("#done").addEventListener("click", () => { showOptions(false); find("#prompt").focus(); });
find("#reset").addEventListener("click", () => setOptions({}));
options.addEventListener("change", (event) => (event.target.name === "model" ? fitToModel() : summarise()));
// Enter in a list must not send what is still being chosen.
options.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("select")) event.preventDefault(); });

document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !options.hidden) showOptions(false, true); });
document.addEventListener("click", (event) => {
  if (!options.contains(event.target) && !find("#options-button").contains(event.target)) showOptions(false);
});
