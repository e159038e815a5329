// What every part of the page needs: finding elements, talking to the server and to screen readers.

export const find = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

export class Refused extends Error {
  constructor(body, wait = 0) {
    super(body.message);
    this.code = body.code ?? "";
    this.limit = body.limit ?? "";
    this.cost = body.estimated_cost ?? 0;
    this.wait = wait; // seconds, by the server's clock
    this.mistakes = body.mistakes ?? [];
    this.nextStep = body.next_step ?? "";
  }
}

export async function call(method, path, body, headers = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body ? { "Content-Type": "application/json", ...headers } : headers,
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new Refused({ message: "Limner cannot be reached right now.", next_step: "Check your connection, then try again." });
  }
  if (answer.status === 401) location.assign("/sign-in");
  if (answer.headers.get("Content-Type")?.includes("text/html")) return answer.text();
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const wait = Number(answer.headers.get("Retry-After")) || 0;
    throw new Refused(json.error ?? { message: "Limner did not understand.", next_step: "Reload the page." }, wait);
  }
  return json;
}

// Not crypto.randomUUID: browsers keep that to https and this machine.
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const news = find("#news");
let lastSaid = 0;

export function say(words, urgent = true) {
  if (!urgent && Date.now() - lastSaid < 10_000) return;
  lastSaid = Date.now();
  news.textContent = words;
}

// `28 s`, `12 min`, `3 h 5 min`, `4 days`.
export function inWords(seconds) {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 2880) return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
  return `${Math.round(minutes / 1440)} days`;
}
