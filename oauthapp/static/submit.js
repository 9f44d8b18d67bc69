// Sends the only form of the page: the answer that the browser posts to the client.
"use strict";

document.getElementById("answer").submit();
