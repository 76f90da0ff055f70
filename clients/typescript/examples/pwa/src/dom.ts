// A few lines in place of a framework: elements are made once for each render of their part of the page.

type Child = Node | string | false | undefined | readonly Child[];
type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

const SVG = "http://www.w3.org/2000/svg";
const SVG_NAMES = new Set(["svg", "circle", "path", "polyline", "line"]);

export function h(name: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const element = SVG_NAMES.has(name) ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.slice(2).toLowerCase(), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  append(element, children);
  return element as HTMLElement;
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === false || child === undefined) continue;
    if (Array.isArray(child)) append(element, child);
    else element.append(child as Node | string);
  }
}

/** Puts new content in place of the old, and gives the focus back to the same control. */
export function replace(element: Element, ...children: Child[]): void {
  const focused = document.activeElement?.id;
  element.replaceChildren();
  append(element, children);
  if (focused && !document.activeElement?.id) document.getElementById(focused)?.focus();
}

/** Opens a dialog that closes by its button, Escape, or a tap beside it. */
export function dialog(title: string, ...children: Child[]): { close(): void; element: HTMLDialogElement } {
  const heading = h("h2", { id: "dialog-title" }, title);
  const close = h("button", { type: "button", class: "icon", "aria-label": "Close", onClick: () => element.close() }, "×");
  const element = h("dialog", { "aria-labelledby": "dialog-title" }, h("header", {}, heading, close), ...children) as HTMLDialogElement;
  element.addEventListener("close", () => element.remove());
  element.addEventListener("click", (event) => {
    if (event.target === element) element.close();
  });
  document.body.append(element);
  element.showModal();
  return { element, close: () => element.close() };
}

let toast: HTMLElement | undefined;
let toastTimer: ReturnType<typeof setTimeout> | undefined;

/** Says what happened, with what can be done about it. */
export function say(text: string, ...actions: { label: string; run: () => void }[]): void {
  toast?.remove();
  clearTimeout(toastTimer);
  const made = h("div", { class: "toast", role: "status" }, h("span", {}, text), ...actions.map(({ label, run }) =>
    h("button", { type: "button", onClick: () => { made.remove(); run(); } }, label)));
  toast = made;
  document.body.append(made);
  toastTimer = setTimeout(() => made.remove(), 9000);
}

export const clock = (time: string | number): string =>
  new Date(time).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const day = (time: string | number): string => {
  const date = new Date(time);
  const [today, yesterday] = [new Date(), new Date(Date.now() - 86_400_000)];
  if (date.toDateString() === today.toDateString()) return "Today";
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  return date.toLocaleDateString([], { weekday: "short", day: "numeric", month: "short", ...(date.getFullYear() !== today.getFullYear() && { year: "numeric" }) });
};
