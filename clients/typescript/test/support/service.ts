import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const BINARY = resolve(process.env["SPASMLOG"] ?? "../../target/debug/spasmlog");

/** The real service on a free port, with a data folder that is thrown away. */
export class Service {
  private constructor(
    readonly url: string,
    readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
    private process: ChildProcess,
  ) {}

  static async start(settings: NodeJS.ProcessEnv = {}): Promise<Service> {
    if (!existsSync(BINARY)) throw new Error(`Build the service first: ${BINARY} is missing.`);
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), "spasmlog-client-"));
    const environment = {
      PATH: process.env["PATH"],
      SPASMLOG_BIND: `127.0.0.1:${port}`,
      SPASMLOG_DATA_DIR: join(folder, "data"),
      SPASMLOG_REGISTRATION: "open",
      SPASMLOG_RATE_LIMITS: "off",
      SPASMLOG_LOG: "error",
      ...settings,
    };
    const service = new Service(`http://127.0.0.1:${port}`, folder, environment, run(environment, "serve"));
    await service.#ready();
    return service;
  }

  /** Runs another command of the binary on the same data. */
  async command(...words: string[]): Promise<void> {
    const code = await exit(run(this.environment, ...words));
    if (code !== 0) throw new Error(`spasmlog ${words.join(" ")} ended with ${code}.`);
  }

  async pause(): Promise<void> {
    this.process.kill("SIGTERM");
    await exit(this.process);
  }

  async resume(): Promise<void> {
    this.process = run(this.environment, "serve");
    await this.#ready();
  }

  async stop(): Promise<void> {
    await this.pause();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      const isReady = await fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false);
      if (isReady) return;
      await new Promise((next) => setTimeout(next, 50));
    }
    throw new Error("The service does not start.");
  }
}

export async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().on("error", fail).listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? done(address.port) : fail(new Error("No port."))));
    });
  });
}

function run(environment: NodeJS.ProcessEnv, ...words: string[]): ChildProcess {
  return spawn(BINARY, words, { env: environment, stdio: ["ignore", "ignore", "inherit"] });
}

function exit(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((done) => child.once("exit", done));
}
