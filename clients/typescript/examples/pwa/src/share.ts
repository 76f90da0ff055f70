import { answer, NetworkError, ProblemError } from "spasmlog-client/api";
import type { Session } from "./app.js";
import { dialog, h, replace, say } from "./dom.js";

/** The report for a clinician: made by the service, so that it takes a network. */
export function share(session: Session): void {
  const status = h("p", { role: "status", class: "small" });
  const month = new Date(Date.now() - 90 * 86_400_000).toISOString().slice(0, 10);
  const from = h("input", { type: "date", id: "from", value: month, max: new Date().toISOString().slice(0, 10) }) as HTMLInputElement;
  const run = async (how: "open" | "send") => {
    replace(status, "The report is being made…");
    try {
      const file = await report(session, from.value);
      replace(status, "");
      if (how === "send" && navigator.canShare?.({ files: [file] })) await navigator.share({ files: [file], title: file.name });
      else download(file);
    } catch (error) {
      replace(status, why(error));
    }
  };
  dialog(
    "Share",
    h("p", {}, "One page for a clinician: how often, how bad, what was tried and whether it helped. Then every record."),
    h("label", { for: "from" }, "From"),
    from,
    h("button", { type: "button", class: "primary", onClick: () => void run("send") }, "Send the report"),
    h("button", { type: "button", onClick: () => void run("open") }, "Save it as a PDF"),
    status,
    session.log.pending > 0 && h("p", { class: "small" }, `${session.log.pending} changes are still on this device and not in the report.`),
  );
}

async function report(session: Session, from: string): Promise<File> {
  const query = { format: "pdf", ...(from && { from: `${from}T00:00:00Z` }) } as const;
  const blob = await answer(session.api.GET("/v1/export", { params: { query: query as never }, parseAs: "blob" })) as unknown as Blob;
  return new File([blob], `spasm-log-${new Date().toISOString().slice(0, 10)}.pdf`, { type: "application/pdf" });
}

function download(file: File): void {
  const href = URL.createObjectURL(file);
  const link = h("a", { href, download: file.name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

const why = (error: unknown) => {
  if (error instanceof NetworkError) return "There is no network. Try again when you are online.";
  if (error instanceof ProblemError) return error.message;
  say("The report could not be made.");
  throw error;
};
