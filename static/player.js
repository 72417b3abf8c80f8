// Listening: the recording and its lines. A click on a line leads the sound there, the line being
// said is marked and followed. Plays with nothing but the browser's own player.
import { calm, isFree, lines, placeOf, rangeOf, show, transcript } from "diglot/lines";

const player = document.querySelector(".player");
const audio = player.querySelector("audio");
const speed = player.querySelector("select");
const back = player.querySelector("[value=follow]");
const dubs = [...player.querySelectorAll(".dubs a")];
const kept = `diglot:heard:${location.pathname}`;

/** What is remembered, where the browser lets anything be kept. */
function recall(key) {
  try { return JSON.parse(localStorage[key]) } catch { return null }
}
function keep(key, value) {
  try {
    if (value === null) delete localStorage[key];
    else localStorage[key] = JSON.stringify(value);
  } catch { /* private mode: nothing is kept */ }
}

// When each line begins in a recording: tenths of a second after the line before, in base 36.
function readStarts(list) {
  if (!list) return [];
  let at = 0;
  const starts = list.split(" ").map((step) => step === "-" ? NaN : (at += parseInt(step, 36)) / 10);
  // Lines of a site's own markup that cannot be told apart are not followed.
  return starts.length === lines.length ? starts : [];
}
const first = readStarts(audio.dataset.starts);
const startsOf = (dub) => dub?.dataset.starts ? readStarts(dub.dataset.starts) : first;
const byTime = (starts) => starts.map((_, place) => place).filter((place) => starts[place] >= 0)
  .sort((a, b) => starts[a] - starts[b] || a - b);

let starts = first;
let order = byTime(starts);
let now = -1;
let following = true;
let wanted = false;

/** Where in the order of times a moment is; -1 before the first line. */
function turnAt(time) {
  let [from, to] = [0, order.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (starts[order[middle]] <= time + 0.05) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

const engaged = () => wanted || !audio.paused || audio.played.length > 0;

function seek(time) {
  wanted = true;
  const most = Number.isFinite(audio.duration) ? audio.duration : Infinity;
  const to = Math.max(0, Math.min(time, most));
  audio.currentTime = to;
  // Some browsers forget what is set before they know the recording.
  if (!audio.readyState) {
    audio.addEventListener("loadedmetadata", () => {
      if (Math.abs(audio.currentTime - to) > 0.5) audio.currentTime = to;
    }, { once: true });
  }
  mark();
}

function seekLine(place) {
  if (!(starts[place] >= 0)) return false;
  seek(starts[place]);
  return true;
}

const play = () => audio.play().catch(() => { /* the browser wants a press of its own button */ });

// The line being said.
function mark() {
  const turn = turnAt(audio.currentTime);
  const place = turn < 0 ? -1 : order[turn];
  if (place === now) return;
  lines[now]?.classList.remove("now");
  lines[now]?.removeAttribute("aria-current");
  now = place;
  lines[now]?.classList.add("now");
  lines[now]?.setAttribute("aria-current", "true");
  if (following && !audio.paused) follow();
  back.hidden = following || now < 0;
}

function follow() {
  const line = lines[now];
  if (!line) return;
  const { top, bottom } = line.getBoundingClientRect();
  const edge = innerHeight - player.offsetHeight;
  if (top > 80 && bottom < edge - 40) return;
  const far = Math.abs(top - edge / 2) > 2 * innerHeight;
  const hidden = !line.getClientRects().length;
  if (hidden) show(line);
  else line.scrollIntoView({ block: "center", behavior: far || calm.matches ? "instant" : "smooth" });
}

// Who scrolls wants to look elsewhere; a button leads back.
function leave() {
  if (!following || now < 0) return;
  following = false;
  back.hidden = false;
}
back.addEventListener("click", () => {
  following = true;
  back.hidden = true;
  follow();
});
const roots = new Set([document.documentElement, document.body]);
const scrolls = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);
addEventListener("wheel", leave, { passive: true });
addEventListener("touchmove", (event) => { if (!player.contains(event.target)) leave() }, { passive: true });
addEventListener("pointerdown", (event) => { if (roots.has(event.target) && event.clientX >= document.documentElement.clientWidth) leave() });
addEventListener("keydown", (event) => { if (isFree(event) && scrolls.has(event.key)) leave() });
// Another part of the page has brought a line into view.
transcript.addEventListener("diglot:show", (event) => { if (placeOf(event.target) !== now) leave() });

audio.addEventListener("timeupdate", mark);
audio.addEventListener("seeked", mark);
audio.addEventListener("play", () => { mark(); if (following) follow(); announce() });

// Lines and times lead the sound to them.
let single;
transcript.addEventListener("click", (event) => {
  clearTimeout(single);
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const time = event.target.closest(".at");
  const place = time ? rangeOf(time.hash)?.[0] ?? -1 : placeOf(event.target);
  if (time && seekLine(place)) {
    following = true;
    play();
  }
  if (place < 0 || event.detail > 1 || event.target.closest("a, button, summary, input, label")) return;
  // A second click would select a word.
  single = setTimeout(() => {
    if (getSelection().isCollapsed && seekLine(place)) following = true;
  }, 220);
});
transcript.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !isFree(event) || !lines.includes(event.target)) return;
  if (!seekLine(placeOf(event.target))) return;
  event.preventDefault();
  following = true;
  play();
});
transcript.addEventListener("diglot:step", (event) => {
  if (engaged()) seekLine(placeOf(event.target));
});
addEventListener("hashchange", () => {
  const range = rangeOf(location.hash);
  if (range && seekLine(range[0])) following = true;
});

// Skips and speed.
const skips = { back: -15, on: 30 };
player.addEventListener("click", (event) => {
  const by = skips[event.target.closest("button")?.value];
  if (by) seek(audio.currentTime + by);
});
function setSpeed(value) {
  if (![...speed.options].some((option) => option.value === String(value))) return;
  speed.value = value;
  audio.playbackRate = audio.defaultPlaybackRate = Number(value);
}
speed.addEventListener("change", () => { setSpeed(speed.value); keep("diglot:speed", speed.value) });
setSpeed(recall("diglot:speed") ?? "1");

addEventListener("keydown", (event) => {
  if (!isFree(event) || !engaged()) return;
  const at = event.target;
  if (event.key === " ") {
    if (event.repeat || at.closest("a, button, summary, label, input")) return;
    if (audio.paused) play();
    else audio.pause();
  } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    if (at.closest("input, [role=tab]") || event.shiftKey) return;
    seek(audio.currentTime + (event.key === "ArrowLeft" ? -5 : 5));
  } else if (event.key === "<" || event.key === ">") {
    speed.selectedIndex = Math.max(0, Math.min(speed.length - 1, speed.selectedIndex + (event.key === ">" ? 1 : -1)));
    speed.dispatchEvent(new Event("change"));
  } else {
    return;
  }
  event.preventDefault();
});

// The original and what is dubbed: the other one goes on at the same place of the same line.
function sameMoment(time, others) {
  const turn = turnAt(time);
  if (others === starts || !order.length) return time;
  const place = order[Math.max(turn, 0)];
  if (!(others[place] >= 0)) return time;
  const past = time - starts[place];
  const next = order.slice(turn + 1).find((later) => starts[later] > starts[place] && others[later] >= 0);
  if (turn < 0 || next === undefined) return Math.max(0, others[place] + past);
  const stretch = (others[next] - others[place]) / (starts[next] - starts[place]);
  return others[place] + past * Math.max(0, stretch);
}
function choose(dub) {
  const others = startsOf(dub);
  const time = sameMoment(audio.currentTime, others);
  const playing = !audio.paused;
  for (const other of dubs) other.setAttribute("aria-pressed", String(other === dub));
  [starts, order] = [others, byTime(others)];
  audio.src = dub.href;
  setSpeed(speed.value);
  if (time > 0) seek(time);
  if (playing) play();
}
const chosen = () => dubs.find((dub) => dub.getAttribute("aria-pressed") === "true");
for (const dub of dubs) {
  // Without a script these are links to the recordings.
  dub.setAttribute("role", "button");
  dub.setAttribute("aria-pressed", String(dub === dubs[0]));
  dub.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (dub === chosen()) return;
    choose(dub);
    keep("diglot:dub", dub.lang);
  });
  dub.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    dub.click();
  });
}

// Where it starts: as the address says, else where one was.
function momentOf(text) {
  const units = text.match(/^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/);
  const parts = units ? units.slice(1) : /^\d+(:\d\d?){1,2}(\.\d+)?$/.test(text) ? text.split(":") : null;
  return text && parts ? parts.reduce((all, part) => all * 60 + Number(part ?? 0), 0) : NaN;
}
const before = recall(kept);
const lang = before?.lang ?? recall("diglot:dub");
const dub = dubs.find((own) => own.lang === lang);
if (dub && dub !== chosen()) choose(dub);
const asked = momentOf(new URLSearchParams(location.search).get("t") ?? "");
const linked = location.hash && rangeOf(location.hash);
if (asked >= 0) {
  seek(asked);
  if (lines[now] && !location.hash) show(lines[now]);
} else if (!(linked && seekLine(linked[0])) && before?.time > 0) {
  // The player shows a time only once it knows the recording.
  audio.preload = "metadata";
  seek(before.time);
}

let saved = 0;
function save() {
  if (!audio.played.length) return;
  saved = audio.currentTime;
  keep(kept, audio.ended ? null : { time: saved, lang: chosen()?.lang });
}
audio.addEventListener("timeupdate", () => { if (Math.abs(audio.currentTime - saved) > 5) save() });
for (const type of ["pause", "ended"]) audio.addEventListener(type, save);
addEventListener("pagehide", save);

audio.addEventListener("error", () => {
  audio.hidden = true;
  player.querySelector(".tools").hidden = true;
  const fails = player.querySelector(".fails");
  fails.querySelector("a").href = audio.src;
  fails.hidden = false;
});

// What the system's own controls show and do.
function announce() {
  const session = navigator.mediaSession;
  if (!session || session.metadata) return;
  const words = (selector) => [...document.querySelectorAll(selector)].map((word) => word.textContent.trim());
  const cover = document.querySelector(".cover")?.src;
  session.metadata = new MediaMetadata({
    title: words("h1 [lang]").join(" · "),
    artist: words(".head .voice [lang]:first-child").join(", "),
    album: words(".head .facts:first-of-type li:first-child [lang]").join(" · "),
    artwork: cover ? [{ src: cover }] : [],
  });
  const line = (by) => () => seekLine(order[turnAt(audio.currentTime) + by]);
  const actions = {
    play, pause: () => audio.pause(),
    seekbackward: (details) => seek(audio.currentTime - (details.seekOffset ?? 15)),
    seekforward: (details) => seek(audio.currentTime + (details.seekOffset ?? 30)),
    seekto: (details) => seek(details.seekTime),
    previoustrack: line(-1), nexttrack: line(1),
  };
  for (const [action, does] of Object.entries(actions)) {
    try { session.setActionHandler(action, does) } catch { /* one that this browser does not know */ }
  }
}
