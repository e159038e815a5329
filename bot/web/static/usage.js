// What was used of each limit: a panel that is filled anew each time it is opened.

import { countDown } from "./countdown.js";
import { call, find, inWords, say } from "./page.js";

const panel = find("#usage");
const body = find("#usage-body");

const made = (name, properties, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

const dollars = (amount) => (amount <= 0 ? "$0" : amount < 0.0995 ? `$${amount.toFixed(3)}` : `$${amount.toFixed(2)}`);

function meter(one) {
  const bar = made("progress", { max: 100, value: one.percent, className: one.percent >= 80 ? "nearly" : "" }, `${one.percent} %`);
  bar.setAttribute("aria-label", `${one.label}: ${one.value}`);
  const seconds = (Date.parse(one.resets_at) - Date.now()) / 1000;
  return made("li", { className: "meter" },
    made("span", { textContent: one.label }),
    made("span", { className: "meter-value", textContent: one.value }),
    bar,
    made("span", { className: "quiet", textContent: `resets in ${inWords(Math.max(1, seconds))}` }));
}

// An address in the operator's words is a link; everything else is text.
function linked(words) {
  return words.split(/(https?:\/\/\S+)/).map((part, index) =>
    (index % 2 ? made("a", { href: part, textContent: part.replace(/^https?:../, ""), rel: "noopener noreferrer", target: "_blank" }) : part));
}

const of = (count, most) => (most === null ? `${count}` : `${count} of ${most}`);

function facts(usage) {
  const rows = [
    ["Tier", usage.tier],
    ["Spent this month", dollars(usage.spent) + (usage.reserved > 0 ? `, and ${dollars(usage.reserved)} set aside` : "")],
    ["Under way", of(usage.under_way, usage.max_running)],
    ["Waiting", of(usage.waiting, usage.max_waiting)],
  ];
  return made("dl", { className: "facts" }, ...rows.flatMap(([term, value]) => [made("dt", { textContent: term }), made("dd", { textContent: value })]));
}

function refusal(usage) {
  const notice = made("p", { className: "notice", textContent: usage.message });
  const seconds = (Date.parse(usage.free_at ?? "") - Date.now()) / 1000;
  if (seconds > 0) countDown(notice, seconds);
  return notice;
}

function shown(usage) {
  const parts = [];
  if (usage.message) parts.push(refusal(usage));
  parts.push(usage.meters.length
    ? made("ul", { className: "meters" }, ...usage.meters.map(meter))
    : made("p", { className: "quiet", textContent: "No limits are set for you." }));
  parts.push(facts(usage));
  if (usage.waiting + usage.under_way > 0) parts.push(made("button", { type: "button", className: "action", textContent: "Cancel everything", onclick: cancelAll }));
  if (usage.upgrade && usage.meters.length) parts.push(made("p", { className: "quiet upgrade" }, ...linked(usage.upgrade)));
  return parts;
}

async function fill() {
  try {
    body.replaceChildren(...shown(await call("GET", "/usage")));
  } catch (error) {
    body.replaceChildren(made("p", { className: "quiet", textContent: `${error.message} ${error.nextStep ?? ""}` }));
  }
}

async function cancelAll() {
  this.ariaDisabled = "true";
  this.textContent = "Cancelling…";
  say("Cancelling…");
  await call("DELETE", "/images/tasks").catch(() => {}); // too late for some: their turns tell how they ended
  await fill();
}

find("#usage-button").addEventListener("click", async () => {
  panel.showModal();
  await fill();
});
find("#usage-close").addEventListener("click", () => panel.close());
panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
