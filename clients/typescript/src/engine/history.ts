// The facts put in order once: sorted by their own times, cut at now, impossible ones left out. Nothing here depends
// on how late it is beyond that cut, so that the forecast asks about later moments without reading the facts again.

import { Asked } from "./clock.js";
import type { Facts, Kind, Modality } from "./facts.js";
import { type Instant, type Moment, readMoment, Zone } from "./moment.js";
import { compare, latest, sorted } from "./order.js";
import type { Pack, Protocol } from "./protocol.js";
import { Recurrence } from "./recurrence.js";
import { type Application, type End, nextOfKind, sortApplications, wasNear, Wear } from "./wear.js";

export interface Score {
  readonly at: Instant;
  readonly points: number;
}

/** The episode that the question is about. */
export interface Episode {
  readonly started: Instant;
  readonly ended: Instant | undefined;
  readonly location: string;
  /** The latest spasm: the protocol's clock counts from here (D1, D2). */
  readonly anchor: Instant;
}

/** Hives that bar a kind, and what they are called where they do (D28). */
export interface Hives {
  readonly at: Instant;
  readonly what: string;
}

/** Kinds in the order that decides between two facts of one moment. */
const KINDS: readonly Kind[] = ["episode", "flare", "application", "pain_score", "check_in", "measure", "profile"];
/** The skin from the best finding to the worst. */
const SKIN = ["normal", "red", "numb", "hives", "blister", "white_hard"];
/** Inflammation from the worst report to the best. */
const INFLAMMATION = ["present", "reduced", "none"];
const PROCEDURE = "recent_spinal_procedure";

interface Fact {
  readonly at: Instant;
  readonly kind: Kind;
}

/** Cuts the facts at now and remembers what it left out. */
class Cut {
  /** The latest time that still counts as now. */
  readonly latest: Instant;
  newest: Fact | undefined;
  /** The newest fact as it is written. Of two at one moment the one that says most about a zone. */
  written: Moment | undefined;
  hasFuture = false;
  hasBadInterval = false;

  constructor(now: Instant, protocol: Protocol) {
    this.latest = now + protocol.ahead;
  }

  /** Whether the fact counts: not later than now, or a little only. */
  takes(kind: Kind, moment: Moment): boolean {
    if (moment.at > this.latest) {
      this.hasFuture = true;
      return false;
    }
    this.newest = newer(this.newest, { at: moment.at, kind });
    const key = ({ at, offset }: Moment) => [at, Math.abs(offset), offset];
    if (!this.written || compare(key(this.written), key(moment)) < 0) this.written = moment;
    return true;
  }

  /** Whether an interval has begun and is possible. Its end is looked at, too, if the person gave it. */
  takesInterval(kind: Kind, start: Moment, end: Moment | undefined, isEndRecorded: boolean): boolean {
    if (end && end.at < start.at) {
      this.hasBadInterval = true;
      return false;
    }
    if (!this.takes(kind, start)) return false;
    if (end && isEndRecorded && end.at <= this.latest) this.takes(kind, end);
    return true;
  }

  /** An end that has come. */
  past(end: Moment | undefined): Instant | undefined {
    return end && end.at <= this.latest ? end.at : undefined;
  }
}

function newer(one: Fact | undefined, other: Fact): Fact {
  const key = ({ at, kind }: Fact) => [at, KINDS.indexOf(kind)];
  return one && compare(key(one), key(other)) >= 0 ? one : other;
}

const moment = (text: string | undefined) => (text === undefined ? undefined : readMoment(text));

/** What was known at the moment of the question. */
export class History {
  readonly asked: Asked;
  readonly zone: Zone;
  /** The episode, if there is one that counts. */
  readonly episode: Episode | undefined;
  readonly newest: Fact | undefined;
  /** Ice and heat, over time. */
  readonly wear: readonly Wear[];
  /** What was ended by closing an episode, and until when it may still be on (D31). */
  readonly closed: readonly { readonly modality: Modality; readonly until: Instant }[];
  readonly scores: readonly Score[];
  readonly inflammation: { readonly at: Instant; readonly report: string } | undefined;
  readonly skin: { readonly at: Instant; readonly finding: string } | undefined;
  /** A blister, or white or hard skin, that is not cleared. */
  readonly skinInjury: Instant | undefined;
  /** When the inflammatory pattern was last asked for and answered. */
  readonly patternAnswered: Instant | undefined;
  /** Whether each emergency sign was asked for and answered in this episode. */
  readonly isScreened: boolean;
  /** The newest clinician's review. */
  readonly reviewed: Instant | undefined;
  /** Since when the person rests without a break. */
  readonly resting: Instant | undefined;
  /** When stretching last ended in this clock. */
  readonly stretched: Instant | undefined;
  readonly rub: Instant | undefined;
  readonly recurrence: Recurrence;
  /** What was left out or assumed. */
  readonly warnings: readonly string[];
  readonly #hivesAfter: Partial<Record<Modality, Instant>>;
  readonly #looseHives: Instant | undefined;
  /** The newest report of each warning sign that no clinician has reviewed since (D24). */
  readonly #signs: ReadonlyMap<string, Instant>;
  readonly #asleep: Instant | undefined;
  readonly #medicines: readonly Instant[];

  constructor(readonly facts: Facts, readonly pack: Pack, now: Moment) {
    const { protocol } = pack;
    this.asked = new Asked(now.at);
    const cut = new Cut(now.at, protocol);
    const begun = readEpisode(facts, protocol, this.asked, cut);
    const flares = (facts.flares ?? []).map(({ at }) => readMoment(at)).filter((at) => cut.takes("flare", at));
    this.episode = begun && { ...begun, anchor: Math.max(begun.started, ...flares.map(({ at }) => at)) };
    const applications = readApplications(facts, cut);
    this.scores = (facts.pain_scores ?? [])
      .map(({ at, score }) => ({ moment: readMoment(at), points: score }))
      .filter((score) => cut.takes("pain_score", score.moment))
      .map((score) => ({ at: score.moment.at, points: score.points }))
      // Of two scores at one moment the worse one counts as the later.
      .sort((one, other) => compare([one.at, one.points], [other.at, other.points]));
    const measures = readMeasures(facts, this.episode?.anchor, cut);
    const reports = readReports(facts, pack, this.episode, cut);
    const newestOwn = cut.newest?.at;
    const recorded = moment(this.episode && facts.episode?.recorded_at);
    if (recorded && recorded.at <= cut.latest) cut.newest = newer(cut.newest, { at: recorded.at, kind: "episode" });
    this.newest = cut.newest;
    // Last, for they are no news.
    this.recurrence = readRecurrence(facts, this.episode, protocol, cut);
    this.wear = Wear.overTime(applications, protocol, this.asked);
    this.closed = applications
      .flatMap(({ start, modality, end }) =>
        end.how === "closed" && end.at < start + protocol.on_max
          ? [{ modality, until: this.asked.after(start, protocol.on_max) }]
          : [])
      .filter(({ until }) => until > now.at);
    const { reviewed } = measures;
    const isUnreviewed = (at: Instant) => reviewed === undefined || reviewed < at;
    [this.#hivesAfter, this.#looseHives] = readHives(reports, reviewed, applications, protocol);
    this.inflammation = reports.inflammation;
    this.skin = reports.skin;
    this.skinInjury = reports.skinInjury !== undefined && isUnreviewed(reports.skinInjury)
      && (reports.normalSkin ?? -Infinity) <= reports.skinInjury ? reports.skinInjury : undefined;
    this.#signs = new Map([...reports.signs].filter(([code, at]) => code === PROCEDURE || isUnreviewed(at)));
    this.patternAnswered = reports.patternAnswered;
    this.isScreened = pack.symptoms.every(({ code, tier }) => tier !== "emergency" || reports.answered.has(code));
    this.reviewed = reviewed;
    this.#asleep = measures.asleep !== undefined && (newestOwn ?? -Infinity) <= measures.asleep ? measures.asleep : undefined;
    this.resting = measures.resting;
    this.stretched = measures.stretched;
    this.rub = measures.rub;
    this.#medicines = measures.medicines;
    const offset = cut.written?.offset ?? now.offset;
    this.zone = facts.time_zone === undefined ? Zone.fixed(offset) : Zone.named(facts.time_zone);
    const isZoneKnown = facts.time_zone !== undefined || (cut.written !== undefined && cut.written.offset !== 0);
    const warnings: [string, boolean][] = [
      ["future_fact_ignored", cut.hasFuture],
      ["bad_interval_ignored", cut.hasBadInterval],
      ["time_zone_unknown", !isZoneKnown],
      ["open_application_assumed_ended", this.wear[0]?.hasAssumed ?? false],
    ];
    this.warnings = warnings.filter(([, applies]) => applies).map(([warning]) => warning);
  }

  /** What began at the anchor: the episode itself, or a flare. */
  static anchorKind({ anchor, started }: Episode): Kind {
    return anchor === started ? "episode" : "flare";
  }

  wearAt(now: Instant): Wear {
    return (this.wear.findLast(({ from }) => from <= now) ?? this.wear[0]) as Wear;
  }

  /** When a warning sign that is still live was last reported (D24). */
  sign(code: string, now: Instant): Instant | undefined {
    const at = this.#signs.get(code);
    if (at === undefined) return undefined;
    const { episode } = this;
    const isYoung = now < this.asked.after(at, this.#liveFor(code));
    const isOfOpenEpisode = code !== PROCEDURE && episode !== undefined && episode.ended === undefined
      && at >= episode.started - this.pack.protocol.before_episode;
    return isYoung || isOfOpenEpisode ? at : undefined;
  }

  /** Whether any warning sign was reported at all. */
  get hasSigns(): boolean {
    return this.#signs.size > 0;
  }

  /** Hives that bar this kind at a moment (D28). */
  hives(modality: Modality, now: Instant): Hives | undefined {
    const near = this.#hivesAfter[modality];
    if (near !== undefined) return { at: near, what: `hives_after_${modality}` };
    const loose = this.#looseHives;
    const counts = loose !== undefined && now < this.asked.after(loose, this.pack.protocol.skin_valid);
    return counts ? { at: loose, what: "hives" } : undefined;
  }

  /** Since when the person is asleep (D15). */
  asleep(now: Instant): Instant | undefined {
    const since = this.#asleep;
    return since !== undefined && now < this.asked.after(since, this.pack.protocol.sleep_max) ? since : undefined;
  }

  /** The newest medicine. */
  get medicine(): Instant | undefined {
    return this.#medicines.reduce<Instant | undefined>(latest, undefined);
  }

  /** On how many of the person's days a medicine was taken, lately (D29). */
  medicineDays(now: Instant): number {
    const recent = this.#medicines.filter((at) => now <= this.asked.after(at, this.pack.protocol.medicine_window));
    return new Set(recent.map((at) => this.zone.dayNumber(at))).size;
  }

  /** The first of the person's conditions, in the order of the pack, that this is true of. */
  condition(isMeant: (effects: Pack["conditions"][number]) => boolean): string | undefined {
    const has = new Set(this.facts.profile?.conditions);
    return this.pack.conditions.find((condition) => has.has(condition.code) && isMeant(condition))?.code;
  }

  /** Every instant at which an answer could change by itself, in order. */
  boundaries(): Instant[] {
    const { asked, episode, scores, pack: { protocol } } = this;
    const all: Instant[] = [];
    const after = (at: Instant | undefined, ...limits: number[]) => {
      if (at !== undefined) all.push(...limits.map((limit) => asked.after(at, limit)));
    };
    const justAfter = (at: Instant | undefined, ...limits: number[]) => {
      if (at !== undefined) all.push(...limits.map((limit) => asked.justAfter(at, limit)));
    };
    after(episode?.anchor, protocol.acute, protocol.late, protocol.heat_from, protocol.worse_from, protocol.severe_from, protocol.fresh_spasm);
    after(episode?.started, protocol.not_better, protocol.overdue);
    after(episode?.ended, protocol.episode_tail);
    justAfter(this.newest?.at, protocol.stale);
    after(this.newest?.at, protocol.over_silence);
    justAfter(scores.at(-1)?.at, protocol.subsided_fresh, protocol.rise_fresh, protocol.worse_fresh, protocol.loose_window, protocol.over_window);
    // The scores above what "over" allows leave its window one by one; the last of them counts.
    justAfter(scores.findLast(({ points }) => points > protocol.over_score)?.at, protocol.over_window);
    after(this.inflammation?.at, protocol.relief_valid, protocol.loose_window);
    after(this.rub, protocol.rub_gap);
    after(this.reviewed, protocol.review_silence);
    after(this.skin?.at, protocol.skin_valid);
    after(this.skinInjury, protocol.skin_valid);
    after(this.#looseHives, protocol.skin_valid);
    after(this.#asleep, protocol.sleep_max);
    after(this.stretched, protocol.stretch_gap);
    for (const [code, at] of this.#signs) after(at, this.#liveFor(code));
    all.push(...this.closed.map(({ until }) => until));
    for (const wear of this.wear) all.push(wear.from, ...wear.rhythm.boundaries());
    all.push(...this.#birthdays());
    return sorted(all.filter((at) => at > asked.now));
  }

  /** By the year of birth, an age that matters is reached when a year begins. */
  #birthdays(): Instant[] {
    const { age, birth_year } = this.facts.profile ?? {};
    if (age !== undefined || birth_year === undefined) return [];
    const { guide_age, fragile_age } = this.pack.protocol;
    return [guide_age + 1, fragile_age].map((years) => this.zone.instant(Date.UTC(birth_year + years, 0, 1) / 86_400_000, 0));
  }

  /** For how long a warning sign is live, its episode aside. */
  #liveFor(code: string): number {
    const { protocol } = this.pack;
    if (this.pack.symptomTier(code) === "urgent") return protocol.urgent_live;
    return code === PROCEDURE ? protocol.procedure_live : protocol.emergency_live;
  }
}

/** The episode, if it has begun and did not end too long ago. */
function readEpisode({ episode }: Facts, protocol: Protocol, asked: Asked, cut: Cut): Episode | undefined {
  if (!episode) return undefined;
  const started = readMoment(episode.started_at);
  const given = moment(episode.ended_at);
  const isPossible = given === undefined || given.at >= started.at;
  cut.hasBadInterval ||= !isPossible;
  // An end before the start never was; the spasm was.
  const end = isPossible ? given : undefined;
  if (!cut.takesInterval("episode", started, end, true)) return undefined;
  const ended = cut.past(end);
  if (ended !== undefined && asked.now >= asked.after(ended, protocol.episode_tail)) return undefined;
  return { started: started.at, ended, location: episode.location ?? "back", anchor: started.at };
}

function readApplications(facts: Facts, cut: Cut): Application[] {
  const applications: Application[] = [];
  for (const { modality, started_at, ended_at, barrier, end_recorded = true } of facts.applications ?? []) {
    const [start, end] = [readMoment(started_at), moment(ended_at)];
    if (!cut.takesInterval("application", start, end, end_recorded)) continue;
    applications.push({ start: start.at, modality: modality as Modality, end: endOf(end, end_recorded, cut.latest), barrier });
  }
  return sortApplications(applications);
}

/** A recorded end as the engine takes it. */
function endOf(end: Moment | undefined, isRecorded: boolean, latestNow: Instant): End {
  if (!end) return { how: "unknown" };
  if (end.at > latestNow) return { how: "planned", at: end.at };
  return { how: isRecorded ? "at" : "closed", at: end.at };
}

interface Measures {
  reviewed?: Instant | undefined;
  asleep?: Instant | undefined;
  resting?: Instant | undefined;
  stretched?: Instant | undefined;
  rub?: Instant | undefined;
  medicines: Instant[];
}

function readMeasures(facts: Facts, anchor: Instant | undefined, cut: Cut): Measures {
  const read: Measures = { medicines: [] };
  for (const { kind, started_at, ended_at, end_recorded = true } of facts.measures ?? []) {
    const [from, to] = [readMoment(started_at), moment(ended_at)];
    if (!cut.takesInterval("measure", from, to, end_recorded)) continue;
    const [start, end] = [from.at, cut.past(to)];
    const isOfThisClock = anchor !== undefined && start >= anchor;
    if (kind === "clinician_review") read.reviewed = latest(read.reviewed, start);
    else if (kind === "topical") read.rub = latest(read.rub, start);
    else if (kind === "medication") read.medicines.push(start);
    else if (kind === "sleep" && end === undefined) read.asleep = latest(read.asleep, start);
    else if (kind === "rest" && end === undefined && isOfThisClock) read.resting = Math.min(read.resting ?? start, start);
    else if (kind === "stretching" && isOfThisClock) read.stretched = latest(read.stretched, end !== undefined && end_recorded ? end : start);
  }
  return read;
}

/** What the check-ins say. Of two reports at one moment the worse one counts, so that their order says nothing. */
interface Reports {
  inflammation?: { at: Instant; report: string };
  skin?: { at: Instant; finding: string };
  normalSkin?: Instant | undefined;
  skinInjury?: Instant | undefined;
  readonly hives: Instant[];
  readonly signs: Map<string, Instant>;
  readonly answered: Set<string>;
  patternAnswered?: Instant | undefined;
}

function readReports(facts: Facts, pack: Pack, episode: Episode | undefined, cut: Cut): Reports {
  const reports: Reports = { hives: [], signs: new Map(), answered: new Set() };
  for (const { at: time, inflammation, skin, symptoms = [] } of facts.check_ins ?? []) {
    const written = readMoment(time);
    if (!cut.takes("check_in", written)) continue;
    const { at } = written;
    if (inflammation !== undefined) {
      const key = (report: { at: Instant; report: string }) => [report.at, -INFLAMMATION.indexOf(report.report)];
      const report = { at, report: inflammation };
      if (!reports.inflammation || compare(key(reports.inflammation), key(report)) < 0) reports.inflammation = report;
    }
    if (skin !== undefined) {
      const key = (report: { at: Instant; finding: string }) => [report.at, SKIN.indexOf(report.finding)];
      const report = { at, finding: skin };
      if (!reports.skin || compare(key(reports.skin), key(report)) < 0) reports.skin = report;
      const meaning = pack.skinMeaning(skin);
      if (meaning === "clear") reports.normalSkin = latest(reports.normalSkin, at);
      else if (meaning === "allergy") reports.hives.push(at);
      else if (meaning === "injury") reports.skinInjury = latest(reports.skinInjury, at);
    }
    for (const { code, present } of symptoms) {
      if (episode && at >= episode.started) reports.answered.add(code);
      if (code === "inflammatory_pattern") reports.patternAnswered = latest(reports.patternAnswered, at);
      if (present) reports.signs.set(code, Math.max(at, reports.signs.get(code) ?? at));
    }
  }
  return reports;
}

/** The newest hives that bar ice, that bar heat, and that had nothing near (D28). */
function readHives(reports: Reports, reviewed: Instant | undefined, applications: readonly Application[], protocol: Protocol): [Partial<Record<Modality, Instant>>, Instant | undefined] {
  const afterKind: Partial<Record<Modality, Instant>> = {};
  let loose: Instant | undefined;
  for (const at of reports.hives) {
    const near = (["ice", "heat"] as const).filter((kind) =>
      applications.some((application, index) =>
        application.modality === kind && wasNear(application, at, nextOfKind(applications, index, at), protocol)));
    if (near.length === 0) {
      // Not by a finding of the same moment: of two the worse counts as the later.
      if ((reports.normalSkin ?? -Infinity) <= at) loose = latest(loose, at);
    } else if (reviewed === undefined || reviewed <= at) {
      for (const kind of near) afterKind[kind] = Math.max(afterKind[kind] ?? at, at);
    }
  }
  return [afterKind, loose];
}

function readRecurrence(facts: Facts, episode: Episode | undefined, protocol: Protocol, cut: Cut): Recurrence {
  const episodes: [Instant, Instant][] = [];
  for (const { started_at, ended_at } of facts.earlier_episodes ?? []) {
    const [start, end] = [readMoment(started_at), moment(ended_at)];
    // Without an end nothing says that it went on.
    if (cut.takesInterval("episode", start, end, true)) episodes.push([start.at, cut.past(end) ?? start.at]);
  }
  return episode ? Recurrence.before(episodes, episode.started, protocol) : new Recurrence([]);
}
