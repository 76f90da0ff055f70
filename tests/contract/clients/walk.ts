// The main job with the generated TypeScript client: sign up, a spasm, ice, a score, the next step.
import {
  AccountsApi, ApplicationsApi, CheckInsApi, Configuration, EpisodesApi, GuideApi, NewPainScoreToJSON,
  PainScoresApi, ResponseError,
} from "./client";
import { randomUUID } from "node:crypto";

const basePath = process.argv[2]!;

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`expected ${what}`);
}

/** A UUID of version 7, as clients make for their records. */
function newId(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** The body of a write. It is absent only where the client asked for a minimal response. */
async function saved<T>(call: Promise<T | null | undefined>): Promise<T> {
  const body = await call;
  if (body == null) throw new Error("expected a body");
  return body;
}

/** The problem of a refused call. */
async function problem(call: Promise<unknown>): Promise<{ status: number; code: string; errors?: { pointer?: string }[] }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ResponseError) return await error.response.json();
    throw error;
  }
  throw new Error("expected a refusal");
}

async function walk(): Promise<void> {
  const registered = await new AccountsApi(new Configuration({ basePath })).createAccount({
    newAccount: { email: `walk-${randomUUID()}@example.org`, password: "correct horse battery" },
  });
  // The generator writes the token of an OAuth scheme ("app") into the header as it is, without "Bearer".
  const token = registered.tokens.accessToken;
  const accessToken = async (scheme?: string) => (scheme === "app" ? `Bearer ${token}` : token);
  const config = new Configuration({ basePath, accessToken });

  // It began half an hour ago. A PUT under an id of the client's own is idempotent.
  const id = newId();
  const begun = { startedAt: new Date(Date.now() - 30 * 60_000), trigger: "Lifted a box" };
  const episodes = new EpisodesApi(config);
  const episode = await saved(episodes.putEpisode({ id, newEpisode: begun }));
  expect(episode.nextStep?.action === "apply_ice", "ice first");
  const again = await saved(episodes.putEpisode({ id, newEpisode: begun }));
  expect(again.revision === episode.revision, "nothing changed by sending it again");

  const applications = new ApplicationsApi(config);
  const bare = await saved(applications.createApplication({ newThermalApplication: { modality: "ice", barrier: false } }));
  expect(bare.nextStep?.action === "remove_ice", "no ice on bare skin");
  const covered = await saved(applications.updateApplication({ id: bare.id, thermalApplicationPatch: { barrier: true } }));
  expect(covered.nextStep?.action === "continue_ice", "ice through a cloth goes on");
  expect(covered.nextStep?.nextAt instanceof Date, "a time to stop");

  const scores = new PainScoresApi(config);
  const score = await saved(scores.createPainScore({ newPainScore: { score: 7 }, idempotencyKey: randomUUID() }));
  expect(score.score === 7 && NewPainScoreToJSON({ score: 7 }).score === 7, "the score");
  const refused = await problem(scores.createPainScore({ newPainScore: { score: 11 } }));
  expect(refused.status === 422 && refused.errors?.[0]?.pointer === "#/score", "a pointer at the score");
  const stale = await problem(scores.updatePainScore({ id: score.id, painScorePatch: { score: 3 }, ifMatch: '"0"' }));
  expect(stale.status === 412 && stale.code === "stale", "stale");

  const next = await new GuideApi(config).getNextStep();
  expect(/^[A-Z]+-/.test(String(next.rule)) && next.instruction.length > 0, "a rule and an instruction");
  const timeline = await episodes.getTimeline({ id });
  expect(timeline.items.map((item) => item.type).includes("pain_score"), "the score in the timeline");

  const signs = [{ code: "saddle_numbness" as const, present: true }];
  const warned = await saved(new CheckInsApi(config).createCheckIn({ newCheckIn: { symptoms: signs } }));
  expect(warned.nextStep?.action === "seek_emergency_care", "a red flag wins");
  expect((await problem(new GuideApi(new Configuration({ basePath })).getNextStep())).status === 401, "401");
  console.log("TypeScript: the whole walk succeeded");
}

walk().catch(async (error: unknown) => {
  console.error(error instanceof ResponseError ? await error.response.text() : error);
  process.exit(1);
});
