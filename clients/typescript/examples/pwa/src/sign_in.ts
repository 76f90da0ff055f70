import { type Api, NetworkError, ProblemError } from "spasmlog-client/api";
import { dialog, h, replace } from "./dom.js";

/** Sign in, or sign up: where the service lets people in. */
export function signIn(api: Api, done: () => Promise<void>): HTMLElement {
  let isNew = false;
  const place = h("main", { class: "sign-in" });
  const draw = () => {
    const message = h("p", { role: "alert", class: "error" });
    const button = h("button", { class: "primary" }, isNew ? "Create account" : "Sign in");
    const form = h(
      "form",
      {},
      h("label", { for: "email" }, "E-mail"),
      h("input", { id: "email", name: "email", type: "email", autocomplete: "username", required: true }),
      h("label", { for: "password" }, "Password"),
      h("input", { id: "password", name: "password", type: "password", minlength: isNew ? 8 : 1, maxlength: 256, autocomplete: isNew ? "new-password" : "current-password", required: true }),
      isNew && [h("label", { for: "code" }, "Invite or set-up code, if you have one"), h("input", { id: "code", name: "code", autocomplete: "off" })],
      message,
      button,
    ) as HTMLFormElement;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      button.setAttribute("disabled", "");
      void submit(api, new FormData(form), isNew)
        .then(async (codes) => {
          if (codes) await show(codes);
          await done();
        })
        .catch((error: unknown) => replace(message, why(error)))
        .finally(() => button.removeAttribute("disabled"));
    });
    replace(place,
      h("h1", {}, "Spasm log"),
      h("p", { class: "lead" }, "Record a back spasm with one tap. See one next step, and why. Your log stays on your own server."),
      form,
      h("button", { type: "button", class: "link", onClick: () => { isNew = !isNew; draw(); } }, isNew ? "I have an account" : "Create an account"),
      h("p", { class: "small" }, "This is a self-care guide, not a medical device."));
  };
  draw();
  return place;
}

async function submit(api: Api, form: FormData, isNew: boolean): Promise<readonly string[] | undefined> {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const credentials = { email: text("email"), password: String(form.get("password") ?? ""), device_name: "App in a browser" };
  if (!isNew) {
    await api.signIn(credentials);
    return undefined;
  }
  const code = text("code");
  const country = /-([A-Z]{2})\b/.exec(navigator.language)?.[1];
  const place = { time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone, ...(country && { country }) };
  const signUp = (codes: object) => api.signUp({ ...credentials, ...place, ...codes });
  if (!code) return (await signUp({})).recovery_codes;
  // One field for both: the person need not know which kind of code it is.
  const registered = await signUp({ invite_code: code }).catch((error: unknown) => {
    if (error instanceof ProblemError && [403, 422].includes(error.status)) return signUp({ setup_code: code });
    throw error;
  });
  return registered.recovery_codes;
}

/** Recovery codes are shown once; the person says that they are written down. */
function show(codes: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const open = dialog(
      "Keep these codes",
      h("p", {}, "Each of them opens your log once if you forget your password. They are shown only now."),
      h("pre", {}, codes.join("\n")),
      h("button", { type: "button", class: "primary", onClick: () => open.close() }, "I have written them down"),
    );
    open.element.addEventListener("close", () => resolve());
  });
}

function why(error: unknown): string {
  if (error instanceof NetworkError) return "There is no network. Signing in needs one.";
  if (error instanceof ProblemError) return error.problem.errors?.map(({ detail }) => detail).join(" ") || error.message;
  throw error;
}
