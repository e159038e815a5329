// One picture, large.

import { all, find } from "./page.js";

const large = find("#large");
let shownPicture = null;

function showLarge(picture) {
  shownPicture = picture;
  const url = `/images/${picture.dataset.picture}/download`;
  const small = find("img", picture);
  Object.assign(find("#large-picture"), { src: url, alt: small.alt });
  find("#large-caption").textContent = find(".ask", picture.closest(".turn")).textContent;
  find("#large-formats").replaceChildren(...["PNG", "JPEG", "WebP"].map((name) => {
    const link = Object.assign(document.createElement("a"), { href: `${url}?format=${name.toLowerCase()}`, download: "", textContent: name });
    link.setAttribute("aria-label", `Download as ${name}`);
    return link;
  }));
  const alone = siblings().length < 2;
  find("#large-back").hidden = find("#large-on").hidden = alone;
  if (!large.open) large.showModal();
}

function siblings() {
  return all("[data-picture]", shownPicture.parentElement);
}

function step(by) {
  const list = siblings();
  showLarge(list[(list.indexOf(shownPicture) + by + list.length) % list.length]);
}

find("#large-close").addEventListener("click", () => large.close());
find("#large-back").addEventListener("click", () => step(-1));
find("#large-on").addEventListener("click", () => step(1));
large.addEventListener("click", (event) => { if (event.target === large || event.target.matches(".large-stage")) large.close(); });
large.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") step(-1);
  if (event.key === "ArrowRight") step(1);
});
large.addEventListener("close", () => shownPicture?.focus());
find("#turns").addEventListener("click", (event) => {
  const picture = event.target.closest("[data-picture]");
  if (!picture || event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab is the reader's own wish
  event.preventDefault();
  showLarge(picture);
});
