// Pictures that come along: chosen, pasted or dropped.

import { mostPictures } from "./options.js";
import { find, say } from "./page.js";

const files = find("#files");
const KINDS = ["image/png", "image/jpeg", "image/webp"];

const prompt = find("#prompt");
let attached = []; // data: URLs

// What is attached, once: the next request begins without.
export function takeAttached() {
  const taken = attached;
  attached = [];
  showAttached();
  return taken;
}

export function attachAgain(pictures) {
  attached = [...pictures];
  showAttached();
}

async function attach(list) {
  const pictures = [...list].filter((file) => KINDS.includes(file.type));
  if (list.length && !pictures.length) return say("Only PNG, JPEG and WebP pictures can be attached.");
  for (const file of pictures.slice(0, Math.max(0, mostPictures() - attached.length))) {
    if (file.size > Number(find("#composer").dataset.maxBytes)) say(`${file.name} is too large to attach.`);
    else attached.push(await dataUrl(file));
  }
  showAttached();
  prompt.focus();
}

function dataUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

function showAttached() {
  const list = find("#attached");
  list.replaceChildren(...attached.map(attachedItem));
  list.hidden = !attached.length;
}

function attachedItem(url, index) {
  const item = document.createElement("li");
  const picture = Object.assign(document.createElement("img"), { src: url, alt: `Attached picture ${index + 1}` });
  const remove = Object.assign(document.createElement("button"), { type: "button", className: "round small" });
  remove.setAttribute("aria-label", `Remove attached picture ${index + 1}`);
  remove.append(find("#stop-editing .icon").cloneNode(true));
  remove.onclick = () => { attached.splice(index, 1); showAttached(); prompt.focus(); };
  item.append(picture, remove);
  return item;
}

find("#attach").addEventListener("click", () => files.click());
files.addEventListener("change", async () => { await attach(files.files); files.value = ""; });
prompt.addEventListener("paste", (event) => {
  if (!event.clipboardData.files.length) return;
  event.preventDefault();
  attach(event.clipboardData.files);
});
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
document.addEventListener("dragover", (event) => { if (carriesFiles(event)) { event.preventDefault(); find("#drop").hidden = false; } });
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) find("#drop").hidden = true; });
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  find("#drop").hidden = true;
  attach(event.dataTransfer.files);
});
