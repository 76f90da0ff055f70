import type { components } from "../api/schema.js";

type Schemas = components["schemas"];

/** What a person writes, by kind: what a PUT to the kind's collection takes. */
export interface Contents {
  episode: Omit<Schemas["NewEpisode"], "id">;
  flare: Omit<Schemas["NewFlare"], "id">;
  application: Omit<Schemas["NewThermalApplication"], "id">;
  pain_score: Omit<Schemas["NewPainScore"], "id">;
  check_in: Omit<Schemas["NewCheckIn"], "id">;
  measure: Omit<Schemas["NewMeasure"], "id">;
  profile: Schemas["NewProfile"];
}

export type Kind = keyof Contents;

export const KINDS: readonly Kind[] = [
  "episode", "flare", "application", "pain_score", "check_in", "measure", "profile",
];

/** There is one profile; this is its id. */
export const PROFILE_ID = "00000000-0000-0000-0000-000000000000";

/** A record as the person sees it. */
export type Shown<K extends Kind = Kind> = Contents[K] & {
  readonly id: string;
  readonly type: K;
  /** Whether something of it is still to be sent. */
  readonly isPending: boolean;
  /** When the service learnt of it; absent until then. */
  readonly recorded_at?: string;
  /** False where closing an episode set the end. */
  readonly end_recorded?: boolean;
};

/** Members as JSON. */
export type Members = Record<string, unknown>;

/** Members that the service gives and a client does not send. */
const GIVEN: ReadonlySet<string> = new Set(["id", "revision", "recorded_at", "end_recorded", "next_step", "closed", "type"]);

/** The members of a record that a person writes. */
export function contentOf(record: Members): Members {
  return Object.fromEntries(
    Object.entries(record).filter(([name, value]) => !GIVEN.has(name) && value !== undefined && value !== null),
  );
}

/** The members by which a record tells its time. */
export const TIMES = ["at", "started_at", "ended_at"] as const;
