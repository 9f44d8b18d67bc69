// Goes on by itself once every application was told; the link does the same.
"use strict";

const LONGEST = 5000; // milliseconds to wait for applications that do not answer

function goOn() {
  document.getElementById("continue").click();
}

addEventListener("load", goOn, { once: true });
setTimeout(goOn, LONGEST);
