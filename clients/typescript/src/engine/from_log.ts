import type { Log } from "../store/log.js";
import { timeOf } from "../store/log.js";
import type { Facts } from "./facts.js";
import { writeMoment } from "./moment.js";

/** Where the person is. */
export interface Place {
  /** An IANA name, for example `Europe/London`. */
  readonly time_zone?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
}

/** What a person runs until an episode's end: closing the episode ends it, too (D31). */
const ENDS_WITH_EPISODE = new Set(["rest", "sleep"]);

/** When a record that is not sent yet was written down: its id has the time, if it is of version 7. */
function writtenDown(log: Log, id: string, now: number): string | undefined {
  const time = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  return id[14] === "7" && time <= now ? log.time(time) : undefined;
}

/**
 * The facts of the log on this device, sent or not, at a moment in milliseconds since 1970. Default: now. What an
 * episode's end will end on the service is ended here, too.
 */
export function factsOf(log: Log, place: Place, now: number = log.clock.now()): Facts {
  const episodes = log.list("episode");
  const open = episodes.filter(({ ended_at }) => ended_at === undefined).at(-1);
  const last = episodes.filter(({ ended_at }) => ended_at !== undefined)
    .sort((one, other) => Date.parse(one.ended_at as string) - Date.parse(other.ended_at as string)).at(-1);
  const isRecent = last && now - Date.parse(last.ended_at as string) < 24 * 3600 * 1000;
  const episode = open ?? (isRecent ? last : undefined);
  const ends = new Map(episodes.map(({ id, ended_at }) => [id, ended_at]));
  const profile = log.get("profile");

  /** An end that the person gave, or the one that closing the episode sets. */
  const ended = (record: { episode_id?: string; started_at?: string; ended_at?: string; end_recorded?: boolean }, endsWithEpisode: boolean) => {
    const { ended_at, end_recorded } = record;
    if (ended_at !== undefined) return { ended_at, ...(end_recorded !== undefined && { end_recorded }) };
    const end = endsWithEpisode && record.episode_id !== undefined ? ends.get(record.episode_id) : undefined;
    if (end === undefined) return {};
    const isBefore = Date.parse(end) < timeOf(record);
    return { ended_at: isBefore ? record.started_at as string : end, end_recorded: false };
  };

  return {
    // Not cut to seconds: what was just written down would lie ahead of it.
    now: writeMoment(Math.round(now * 1000), -new Date(now).getTimezoneOffset()),
    time_zone: place.time_zone,
    country: place.country,
    profile: profile && {
      birth_year: profile.birth_year,
      conditions: profile.conditions,
      achy_between_episodes: profile.achy_between_episodes,
    },
    episode: episode && {
      started_at: episode.started_at as string, ended_at: episode.ended_at,
      recorded_at: episode.recorded_at ?? writtenDown(log, episode.id, now), location: episode.location,
    },
    earlier_episodes: episodes.filter((other) => other !== episode)
      .map(({ started_at, ended_at }) => ({ started_at: started_at as string, ended_at })),
    flares: log.list("flare").filter((flare) => flare.episode_id === episode?.id).map(({ at }) => ({ at: at as string })),
    applications: log.list("application").map((record) => ({
      modality: record.modality, started_at: record.started_at as string, barrier: record.barrier, ...ended(record, true),
    })),
    pain_scores: log.list("pain_score").map(({ at, score }) => ({ at: at as string, score })),
    check_ins: log.list("check_in").map(({ at, inflammation, skin, symptoms, peg }) => ({
      at: at as string, inflammation, skin, symptoms, ...(peg && { peg: true }),
    })),
    measures: log.list("measure").map((record) => ({
      kind: record.kind, started_at: record.started_at as string, ...ended(record, ENDS_WITH_EPISODE.has(record.kind)),
    })),
  };
}
