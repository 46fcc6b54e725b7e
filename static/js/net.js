// Says when the connection is lost, when a request failed, and when it works again. Fills #~net-notice of base.html.
const notice = document.getElementById("~net-notice");
let timer = 0;

function say(text, seconds = 0) {
  if (!notice) return;
  clearTimeout(timer);
  notice.textContent = text;
  if (seconds) timer = setTimeout(() => (notice.textContent = ""), seconds * 1000);
}

function sentence(status, needsSignIn) {
  if (needsSignIn || status === 401)
    return "You are signed out. Sign in again on this page or in another tab; what you wrote is kept in this browser.";
  if (status === 403) return "You may not do this. Your permissions may have changed; reload the page to see.";
  if (status === 404) return "This is no longer there. Reload the page.";
  if (status === 413) return "That is too large to send.";
  if (status === 429) return "Too many requests at once. Wait a minute, then try again.";
  if (status === 503) return "The service is busy or restarting. Nothing was lost here; try again in a moment.";
  return `That did not work (${status}). What you wrote is still here; try again.`;
}

addEventListener("offline", () =>
  say("No connection. You can go on reading and writing; sending waits until it is back."),
);
addEventListener("online", () => say("Connected again.", 4));
document.addEventListener("htmx:sendError", () =>
  say("The server cannot be reached. What you wrote is still here; try again."),
);
document.addEventListener("htmx:timeout", () => say("The server took too long to answer. Try again."));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  const needsSignIn = event.detail.xhr.getResponseHeader("X-Sign-In");
  say(sentence(status, needsSignIn), needsSignIn ? 0 : 12);
});
document.addEventListener(
  "htmx:afterRequest",
  (event) => event.detail.successful && notice?.textContent.startsWith("The server") && say(""),
);
if (!navigator.onLine) say("No connection. You can go on reading and writing; sending waits until it is back.");

// The same key means the same comment sent again; what is written after a success is another one.
document.addEventListener("htmx:afterRequest", (event) => {
  const key = event.detail.successful && event.target.elements?.key;
  if (key)
    key.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");
});
