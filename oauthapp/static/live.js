// Shows new calls as they arrive. Without it the page works by its Refresh link.
"use strict";

const PAUSE = 1500; // milliseconds between looks
const LONGEST_PAUSE = 30000; // while the app does not answer

const main = document.getElementById("main");

function standing(within) {
  const mark = within.getElementById("seen");
  return mark ? mark.dataset.standing : "";
}

function isReading() {
  const selection = document.getSelection();
  return !selection.isCollapsed && main.contains(selection.anchorNode);
}

// Opened calls stay open, and the focus stays where it was.
function swap(fresh) {
  const opened = [...main.querySelectorAll("details[open]")].map((one) => one.id);
  const active = document.activeElement;
  const focused = main.contains(active) ? place(active) : null;
  main.replaceChildren(...fresh.childNodes);
  for (const id of opened) {
    const details = document.getElementById(id);
    if (details) details.open = true;
  }
  const again = focused && find(focused);
  if (again) again.focus({ preventScroll: true });
}

function place(element) {
  return { id: element.id, href: element.getAttribute("href") };
}

function find({ id, href }) {
  if (id) return document.getElementById(id);
  const links = [...main.querySelectorAll("a[href]")];
  return links.find((link) => link.getAttribute("href") === href);
}

function announce(before, after) {
  const known = new Set(before.split(" "));
  const count = after.split(" ").filter((id) => id && !known.has(id)).length;
  const words = count === 1 ? "1 new call" : `${count} new calls`;
  const news = document.getElementById("news");
  if (news) news.textContent = count ? words : "";
}

async function look() {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!page.ok) throw new Error(page.status);
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  const before = standing(document);
  if (standing(fresh) === before || isReading()) return;
  swap(fresh.getElementById("main"));
  document.getElementById("seen").dataset.standing = standing(fresh);
  announce(before, standing(fresh));
}

async function watch(pause) {
  let next = PAUSE;
  try {
    if (!document.hidden) await look();
  } catch {
    next = Math.min(pause * 2, LONGEST_PAUSE);
  }
  setTimeout(watch, next, next);
}

// A link to a call opens it.
function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  const details = target && target.querySelector("details");
  if (details) details.open = true;
}

addEventListener("hashchange", openTarget);
openTarget();
setTimeout(watch, PAUSE, PAUSE);
