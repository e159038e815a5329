// Turns: asking, following a task over SSE until it is over, and what the buttons of a turn do. The server renders them.

import { countDown } from "./countdown.js";
import { all, call, find, newKey, say } from "./page.js";

const turns = find("#turns");

const nearEnd = () => innerHeight + scrollY > document.documentElement.scrollHeight - 240;

function scrollToEnd() {
  scrollTo({ top: document.documentElement.scrollHeight, behavior: "smooth" });
}

// As the server words it, so that counting down does not change the voice.
function about(seconds) {
  if (seconds < 1) return "almost done";
  return seconds < 60 ? `about ${Math.round(seconds)} s left` : `about ${Math.round(seconds / 60)} min left`;
}

async function showTurn(taskId, old, notes = []) {
  const piece = document.createElement("template");
  piece.innerHTML = await call("GET", `/turns/${taskId}`); // the server's own template, with everything escaped
  const turn = piece.content.firstElementChild;
  const stay = nearEnd();
  const held = old?.contains(document.activeElement);
  showNotes(turn, notes);
  if (old?.isConnected) old.replaceWith(turn);
  else turns.append(turn);
  if (held) find(".answer", turn).focus({ preventScroll: true });
  if (stay) scrollToEnd();
  follow(turn);
  return turn;
}

function showNotes(turn, notes) {
  const line = find("[data-notes]", turn);
  if (!line || !notes.length) return;
  line.textContent = notes.join("\n");
  line.hidden = false;
}

// Browsers open six connections to a server: three streams leave room for everything else.
const STREAMS = 3;
const open = new Map();
const waiting = [];

export function follow(turn) {
  if (!["pending", "running"].includes(turn.dataset.status)) return;
  if (open.size < STREAMS) listen(turn);
  else waiting.push(turn);
}

function listen(turn) {
  const source = new EventSource(`/images/tasks/${turn.dataset.task}/stream`);
  open.set(turn.dataset.task, source);
  source.addEventListener("progress", (event) => showProgress(turn, JSON.parse(event.data)));
  for (const end of ["completed", "failed", "cancelled"]) {
    source.addEventListener(end, (event) => {
      stopListening(turn, source);
      say(JSON.parse(event.data).message);
      showTurn(turn.dataset.task, turn, [find("[data-notes]", turn)?.textContent ?? ""].filter(Boolean)).catch(() => retryLater(turn));
    });
  }
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return; // the browser comes back by itself
    stopListening(turn, source);
    retryLater(turn);
  });
}

function stopListening(turn, source) {
  source.close();
  open.delete(turn.dataset.task);
  if (waiting.length) listen(waiting.shift());
}

function retryLater(turn) {
  setTimeout(() => showTurn(turn.dataset.task, turn).catch(() => retryLater(turn)), 3000);
}

function showProgress(turn, now) {
  const message = find("[data-message]", turn);
  if (message.textContent !== now.message) say(now.message, false);
  message.textContent = now.message;
  find("progress", turn).value = now.progress;
  find("[data-percent]", turn).textContent = `${now.progress} %`;
  turn.dataset.due = now.status === "running" && now.eta_seconds !== null ? Date.now() + now.eta_seconds * 1000 : "";
  showEta(turn);
  if (now.preview) {
    const preview = find(".preview", turn);
    preview.src = now.preview;
    preview.hidden = false;
  }
}

function showEta(turn) {
  const due = Number(turn.dataset.due);
  find("[data-eta]", turn).textContent = due ? about(Math.max(0, (due - Date.now()) / 1000)) : "";
}

setInterval(() => all("[data-due]").filter((turn) => turn.dataset.due && find("[data-eta]", turn)).forEach(showEta), 1000);

// `asked`: path, body and shown text; `task` if it changes an earlier one; `key` if it was sent before.
export async function ask(asked) {
  find("#welcome").hidden = true;
  const turn = find("#pending").content.cloneNode(true).firstElementChild;
  find(".ask", turn).textContent = asked.shown;
  turns.append(turn);
  scrollToEnd();
  const key = asked.key ?? newKey();
  try {
    const taken = await call("POST", asked.path, asked.body, { "Idempotency-Key": key });
    say("Your request was taken.");
    await showTurn(taken.task_id, turn, taken.notes);
  } catch (error) {
    refuse(turn, error, { ...asked, key });
  }
}

function refuse(turn, error, asked) {
  if (error.code === "confirmation_required") return askFirst(turn, error, asked);
  const answer = find(".answer", turn);
  answer.replaceChildren(find("#refused").content.cloneNode(true));
  answer.classList.replace("square", "wide");
  const mistakes = error.mistakes ?? [];
  const hasty = ["cooldown", "requests"].includes(error.limit); // their sentences name seconds, which pass
  find("h3", answer).textContent = mistakes.length ? "This needs a change" : hasty ? "A short pause first" : error.message;
  find("ul", answer).append(...mistakes.map((mistake) => Object.assign(document.createElement("li"), { textContent: mistake })));
  find("p", answer).textContent = hasty ? "" : error.nextStep ?? "";
  const [resend, rewrite] = all("[data-action]", answer);
  resend.hidden = mistakes.length > 0;
  find(".notice", answer).classList.toggle("failed", !hasty);
  if (error.wait) {
    resend.ariaDisabled = "true";
    countDown(find("[data-countdown]", answer), error.wait, () => { resend.ariaDisabled = "false"; });
  }
  // The same key: however often it is sent, it is made once.
  resend.onclick = () => {
    if (resend.ariaDisabled === "true") return;
    turn.remove();
    ask(asked);
  };
  rewrite.onclick = () => { turn.remove(); takeBack(asked); };
  scrollToEnd();
}

// A dear request: the sentence, and nothing happens until it is answered.
function askFirst(turn, error, asked) {
  const answer = find(".answer", turn);
  answer.replaceChildren(find("#asked-first").content.cloneNode(true));
  answer.classList.replace("square", "wide");
  find("p", answer).textContent = error.message;
  const [yes, no] = all("button", answer);
  yes.textContent = `Make it for ${error.cost < 0.0995 ? `$${error.cost.toFixed(3)}` : `$${error.cost.toFixed(2)}`}`;
  yes.onclick = () => { turn.remove(); ask({ ...asked, body: { ...asked.body, confirm: true } }); };
  no.onclick = () => { turn.remove(); say("Not made. Nothing was charged."); takeBack(asked); };
  scrollToEnd();
}

// What was typed goes back to where it was typed.
function takeBack(asked) {
  edit({ task: asked.task, text: asked.shown, pictures: asked.body.reference_images });
}

// The composer listens: it alone knows how to be filled.
function edit(detail) {
  turns.dispatchEvent(new CustomEvent("edit", { detail }));
}

function again(turn, reseed) {
  return ask({ path: `/images/tasks/${turn.dataset.task}/again`, body: { reseed }, shown: find(".ask", turn).textContent });
}

const actions = {
  async cancel(turn, button) {
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true"; // and not disabled, which would drop the focus
    button.textContent = "Cancelling…";
    say("Cancelling…");
    await call("DELETE", `/images/tasks/${turn.dataset.task}`).catch(() => {}); // too late to cancel: the stream tells how it ended
  },
  variations: (turn) => again(turn, true),
  retry: (turn) => again(turn, false),
  edit(turn) {
    const { seed, ...options } = JSON.parse(turn.dataset.options);
    const text = find(".ask", turn).textContent;
    edit({ task: turn.dataset.task, options, text: seed ? `${text} --seed ${seed}` : text });
  },
};

turns.addEventListener("click", (event) => {
  const button = event.target.closest("[data-task] [data-action]");
  actions[button?.dataset.action]?.(button.closest(".turn"), button);
});
