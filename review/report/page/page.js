// Runs in the report's page: filters, deep links and keys. Without it everything is there to read.
const root = document.documentElement;
const form = document.querySelector("#filter");
const status = document.querySelector("#shown");
const help = document.querySelector("#keys");
const findings = [...document.querySelectorAll(".finding")];
const fields = ["q", "severity", "state", "framework", "stack"];
/** What the search looks through, read once. */
const texts = new Map(findings.map((finding) => [finding, finding.textContent.toLowerCase()]));

const wanted = () => Object.fromEntries(new FormData(form));

function isShown(finding, { q = "", severity, state, framework, stack }) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return (
    (!severity || finding.dataset.severity === severity) &&
    (!state || finding.dataset.state === state) &&
    (!framework || finding.dataset.frameworks.split(" ").includes(framework)) &&
    (!stack || finding.dataset.stack === stack) &&
    words.every((word) => texts.get(finding).includes(word))
  );
}

function filter() {
  const values = wanted();
  let shown = 0;
  for (const finding of findings) {
    finding.hidden = !isShown(finding, values);
    if (!finding.hidden) shown += 1;
  }
  status.textContent = `${shown} of ${findings.length} shown`;
}

/** A filter stands in the address behind `#findings?`, so that it can be sent to somebody. */
function remember() {
  const said = Object.entries(wanted()).filter(([, value]) => value);
  history.replaceState(null, "", said.length > 0 ? `#findings?${new URLSearchParams(said)}` : "#findings");
}

function followAddress() {
  const hash = decodeURI(location.hash);
  const [, query] = hash.split("findings?");
  if (hash.startsWith("#findings")) {
    const values = new URLSearchParams(query ?? "");
    for (const name of fields) form.elements[name].value = values.get(name) ?? "";
    filter();
    document.querySelector("#findings").scrollIntoView();
    return;
  }
  const target = document.getElementById(hash.slice(1));
  if (!target) return;
  if (target.hidden) {
    form.reset();
    filter();
  }
  for (let here = target; here; here = here.parentElement) if (here.tagName === "DETAILS") here.open = true;
  target.scrollIntoView();
}

form.addEventListener("input", () => {
  filter();
  remember();
});
form.addEventListener("reset", () => setTimeout(() => form.dispatchEvent(new Event("input"))));
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", followAddress);

function step(by) {
  const shown = findings.filter((finding) => !finding.hidden);
  const at = shown.indexOf(document.activeElement.closest(".finding"));
  const next = shown[Math.min(Math.max(at + by, 0), shown.length - 1)];
  next?.focus();
}

const actions = {
  "/": () => form.elements.q.focus(),
  j: () => step(1),
  k: () => step(-1),
  "?": () => help.showModal(),
};

addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea");
  if (event.key === "Escape" && isTyping) event.target.blur();
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  // Single keys can be switched off: WCAG 2.1.4.
  const action = document.querySelector("#single-keys").checked ? actions[event.key] : undefined;
  if (!action) return;
  event.preventDefault();
  action();
});

document.querySelector("#help").addEventListener("click", actions["?"]);
document.querySelector("#close").addEventListener("click", () => help.close());
document.querySelector("#theme").addEventListener("click", () => {
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
});

let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const each of closed) each.open = true;
});
addEventListener("afterprint", () => {
  for (const each of closed) each.open = false;
});

for (const each of document.querySelectorAll(".needs-script")) each.hidden = false;
filter();
if (location.hash) followAddress();
