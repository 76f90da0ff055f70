// When each rule applies, by its id. Which rules there are, their order, tiers and sources are the pack's.

import type { Kind, Modality } from "./facts.js";
import { History, type Score } from "./history.js";
import type { Instant } from "./moment.js";
import type { Pack } from "./protocol.js";
import type { Contraindication, Plan, Situation } from "./situation.js";

/** What a rule that applies has found. */
export interface Step {
  readonly action: string;
  /** The time that the instruction names, when it names one. */
  readonly until?: Instant | undefined;
  /** The time of the newest fact, where the words name it. */
  readonly lastEntry?: Instant;
  /** The facts that decided. The profile has no time. */
  readonly because: readonly { readonly kind: Kind; readonly at?: Instant }[];
  /** What it is about. */
  readonly what?: string;
  /** Whether the instruction must leave out what comes next: that is barred. */
  readonly isPlain?: boolean;
}

export type Test = (situation: Situation) => Step | undefined;

type Reason = readonly [Kind, Instant] | readonly ["profile"];

const step = (action: string, reasons: readonly Reason[], more: Omit<Step, "action" | "because"> = {}): Step => ({
  action,
  because: reasons.map(([kind, at]) => (at === undefined ? { kind } : { kind, at })),
  ...more,
});

const ON: Record<Modality, Modality> = { ice: "heat", heat: "ice" };

/** The action that takes off these kinds. */
export function removal(isOn: (modality: Modality) => boolean): string | undefined {
  if (isOn("ice")) return isOn("heat") ? "remove_both" : "remove_ice";
  return isOn("heat") ? "remove_heat" : undefined;
}

/** What is on, when it is one kind alone: X-BOTH, the first row, has taken the other case. */
function theOneOn(situation: Situation): [Modality, Instant] | undefined {
  for (const kind of ["ice", "heat"] as const) {
    const since = situation.onSince(kind);
    if (since !== undefined) return [kind, since];
  }
  return undefined;
}

const remove = (modality: Modality, since: Instant, reasons: readonly Reason[] = [], more: Omit<Step, "action" | "because"> = {}): Step =>
  step(`remove_${modality}`, [["application", since], ...reasons], more);

/** Whether the guide would go on with this kind for this person. */
const mayGoOnWith = (situation: Situation, modality: Modality) =>
  situation.barred(modality) === undefined && !situation.isOutOfScope;

const barredBy = ({ hivesAt }: Contraindication): Reason => (hivesAt === undefined ? ["profile"] : ["check_in", hivesAt]);
const scoreOf = ({ at }: Score): Reason => ["pain_score", at];

/** A clinician has not looked at it lately. */
const seeClinician = (situation: Situation, ...reasons: Reason[]) =>
  situation.isReviewedLately ? undefined : step("see_clinician", reasons);

const isOverdue = (situation: Situation, started: Instant) => situation.since(started) >= situation.protocol.overdue;
const isNotBetter = (situation: Situation, started: Instant) =>
  situation.since(started) >= situation.protocol.not_better
  && (situation.newestScore === undefined || situation.newestScore.points > situation.protocol.better_score);

/** Whether an episode is open for so long that somebody should look at it, whatever else is true. */
export function needsCheck(situation: Situation): boolean {
  const { episode } = situation;
  return episode !== undefined && (isOverdue(situation, episode.started) || isNotBetter(situation, episode.started));
}

const contraOn = (modality: Modality): Test => (situation) => {
  const since = situation.onSince(modality);
  const reason = situation.barred(modality);
  if (since === undefined) return undefined;
  if (reason) return remove(modality, since, [barredBy(reason)], { what: reason.what });
  const rub = modality === "heat" ? situation.rub : undefined;
  return rub === undefined ? undefined : remove(modality, since, [["measure", rub]], { what: "rub" });
};

const elsewhere = (location: string): Test => ({ episode, isReviewedInEpisode }) =>
  episode?.location === location && !isReviewedInEpisode
    ? step("see_clinician", [["episode", episode.started]], { what: location })
    : undefined;

const keepOn = (modality: Modality): Test => (situation) => {
  const [since, until] = [situation.onSince(modality), situation.wear.rhythm.fullAt(modality)];
  return since === undefined || until === undefined ? undefined : step(`continue_${modality}`, [["application", since]], { until });
};

const barred = (modality: Modality): Test => (situation) => {
  const reason = situation.next === modality ? situation.barred(modality) : undefined;
  return reason && step("rest", [barredBy(reason)], { what: reason.what });
};

const binding = (rule: string): Test => ({ wait, history: { rub }, wear: { lastOff } }) => {
  if (wait?.rule !== rule) return undefined;
  const at = rule === "W-TOPICAL" ? rub : lastOff;
  return at === undefined ? undefined : step("wait", [[rule === "W-TOPICAL" ? "measure" : "application", at]], { until: wait.until });
};

const chosen = (plan: Plan): Test => ({ plan: asked, episode, next, inflammation, newestScore }) => {
  if (asked !== plan || !episode || next === undefined) return undefined;
  const reasons: Reason[] = [[History.anchorKind(episode), episode.anchor]];
  if (inflammation && plan !== "S-ICE-48") reasons.push(["check_in", inflammation.at]);
  if (newestScore && plan === "D-RISE-ICE") reasons.push(scoreOf(newestScore));
  return step(`apply_${next}`, reasons);
};

const CODED: Readonly<Record<string, Test>> = {
  "R-EM-fever_with_infection_risk"(situation) {
    const fever = situation.sign("fever");
    if (fever === undefined) return undefined;
    if (situation.history.condition(({ infection_risk }) => infection_risk)) {
      return step("seek_emergency_care", [["check_in", fever], ["profile"]]);
    }
    const procedure = situation.sign("recent_spinal_procedure");
    return procedure === undefined ? undefined : step("seek_emergency_care", [["check_in", fever], ["check_in", procedure]]);
  },
  "R-EM-fragility_trauma"(situation) {
    const fall = situation.sign("minor_trauma");
    const isFragile = situation.isAtLeast(situation.protocol.fragile_age)
      || situation.history.condition(({ fragile_bones }) => fragile_bones) !== undefined;
    return fall !== undefined && isFragile ? step("seek_emergency_care", [["check_in", fall], ["profile"]]) : undefined;
  },
  "R-UR-skin_injury"(situation) {
    const at = situation.history.skinInjury;
    return at !== undefined && situation.since(at) < situation.protocol.skin_valid
      ? step("see_clinician_urgent", [["check_in", at]])
      : undefined;
  },

  "X-BOTH"(situation) {
    const [ice, heat] = [situation.onSince("ice"), situation.onSince("heat")];
    if (ice === undefined || heat === undefined) return undefined;
    const goesOn = situation.next !== undefined && mayGoOnWith(situation, situation.next);
    return step("remove_both", [["application", ice], ["application", heat]], { isPlain: !goesOn });
  },
  "X-BARRIER"(situation) {
    const bare = situation.wear.running.find(({ barrier }) => barrier === false);
    return bare && remove(bare.modality, bare.start, [], { isPlain: !mayGoOnWith(situation, bare.modality) });
  },
  "X-CONTRA-ICE": contraOn("ice"),
  "X-CONTRA-HEAT": contraOn("heat"),
  "X-SKIN"(situation) {
    const [on, skin] = [theOneOn(situation), situation.troubledSkin];
    return on && skin !== undefined ? remove(...on, [["check_in", skin]]) : undefined;
  },
  "X-SLEEP"(situation) {
    const [on, asleep] = [theOneOn(situation), situation.asleep];
    return on && asleep !== undefined ? remove(...on, [["measure", asleep]]) : undefined;
  },
  "X-20MIN"(situation) {
    const on = theOneOn(situation);
    const fullAt = on && situation.wear.rhythm.fullAt(on[0]);
    return on && fullAt !== undefined && situation.hasCome(fullAt) ? remove(...on) : undefined;
  },
  "X-PAIN-UP"(situation) {
    const [on, during] = [theOneOn(situation), situation.newestScore];
    // A score at the very start still belongs to the time before.
    if (!on || !during || during.at <= on[1]) return undefined;
    const before = situation.scores.findLast(({ at }) => at <= on[1]);
    const hasRisen = (before !== undefined && situation.isRise(before, during)) || situation.isRising;
    return hasRisen ? remove(...on, [scoreOf(during)]) : undefined;
  },
  "X-RISE-HEAT"({ isRising, phase, newestScore, wear }) {
    const since = wear.onSince("heat");
    const applies = since !== undefined && newestScore && isRising && phase !== undefined && phase !== "acute";
    return applies ? remove("heat", since, [scoreOf(newestScore)]) : undefined;
  },
  "X-SWITCH"(situation) {
    const on = theOneOn(situation);
    const otherEnd = on && situation.wear.offSince(ON[on[0]]);
    return on && otherEnd !== undefined && on[1] < otherEnd + situation.protocol.off_min
      ? remove(...on, [["application", otherEnd]])
      : undefined;
  },
  "X-HEAT-EARLY"(situation) {
    const { episode, phase } = situation;
    const since = situation.onSince("heat");
    if (since === undefined || !episode) return undefined;
    if (phase === "late" || (phase === "transition" && situation.hasReliefForHeat)) return undefined;
    return remove("heat", since, [[History.anchorKind(episode), episode.anchor]], {
      isPlain: episode.ended !== undefined || !mayGoOnWith(situation, "ice"),
    });
  },
  "X-HEAT-INFLAMED"(situation) {
    const since = situation.onSince("heat");
    const { inflammation, swelling } = situation;
    return since !== undefined && inflammation && swelling === "present" ? remove("heat", since, [["check_in", inflammation.at]]) : undefined;
  },

  "O-AGE16"(situation) {
    const applies = situation.episode && situation.isYoungerThan(situation.protocol.guide_age) && !situation.isReviewedInEpisode;
    return applies ? step("see_clinician", [["profile"]]) : undefined;
  },
  "O-LEG": elsewhere("leg"),
  "O-BACK_AND_LEG": elsewhere("back_and_leg"),
  "O-FRONT_THIGH": elsewhere("front_thigh"),
  "E-ENDED": ({ episode }) => (episode?.ended === undefined ? undefined : step("none", [["episode", episode.ended]])),
  "E-NONE": ({ episode }) => (episode ? undefined : step("none", [])),

  "T-OVER"(situation) {
    const { episode, protocol, history: { newest } } = situation;
    if (!episode || !newest) return undefined;
    const isSilent = situation.since(newest.at) >= protocol.over_silence;
    const isOld = situation.since(episode.started) >= protocol.not_better;
    const recent = situation.scores.filter(({ at }) => !situation.isOlderThan(at, protocol.over_window));
    const isQuiet = isOld && recent.length > 0 && recent.every(({ points }) => points <= protocol.over_score);
    return isSilent || isQuiet ? step("check_in", [[newest.kind, newest.at]], { lastEntry: newest.at }) : undefined;
  },
  "F-42D"(situation) {
    const { episode } = situation;
    if (!episode || !isOverdue(situation, episode.started) || situation.hasFreshSpasm) return undefined;
    return seeClinician(situation, ["episode", episode.started]);
  },
  "F-14D"(situation) {
    const { episode, newestScore } = situation;
    if (!episode || !isNotBetter(situation, episode.started) || situation.hasFreshSpasm) return undefined;
    return seeClinician(situation, ["episode", episode.started], ...(newestScore ? [scoreOf(newestScore)] : []));
  },
  "F-INFLAMMATORY"(situation) {
    const at = situation.sign("inflammatory_pattern");
    return at === undefined ? undefined : seeClinician(situation, ["check_in", at]);
  },
  "F-WORSE"(situation) {
    const { episode, protocol } = situation;
    const [first, second, third] = situation.scores.slice(-3);
    if (!episode || !first || !second || !third) return undefined;
    const isWorse = first.points < second.points && second.points < third.points
      && third.points - first.points >= protocol.worse_rise
      && third.at - episode.anchor >= protocol.worse_from
      && !situation.isOlderThan(third.at, protocol.worse_fresh);
    return isWorse ? seeClinician(situation, scoreOf(first), scoreOf(second), scoreOf(third)) : undefined;
  },
  "F-SEVERE"(situation) {
    const { episode, protocol, newestScore: newest } = situation;
    if (!episode || !newest) return undefined;
    const before = situation.scores.findLastIndex(({ at, points }) =>
      points < protocol.severe_score || at - episode.anchor < protocol.severe_from);
    const oldest = situation.scores[before + 1];
    const isSevere = oldest && newest.at - oldest.at >= protocol.severe_span
      && !situation.isOlderThan(newest.at, protocol.worse_fresh);
    return isSevere ? seeClinician(situation, scoreOf(oldest), scoreOf(newest)) : undefined;
  },
  "T-STALE"(situation) {
    const { newest } = situation.history;
    return newest && situation.isOlderThan(newest.at, situation.protocol.stale) ? step("check_in", [[newest.kind, newest.at]]) : undefined;
  },
  "T-SCREEN": ({ episode, pack, history }) =>
    episode && pack.requireScreening && !history.isScreened ? step("check_in", [["episode", episode.started]]) : undefined,

  "C-ICE": keepOn("ice"),
  "C-HEAT": keepOn("heat"),
  "D-SLEEP": ({ asleep }) => (asleep === undefined ? undefined : step("rest", [["measure", asleep]])),
  "O-REVIEWED": ({ history: { reviewed }, isOutOfScope, isReviewedInEpisode }) =>
    reviewed !== undefined && isOutOfScope && isReviewedInEpisode ? step("rest", [["measure", reviewed]]) : undefined,
  "S-STRETCH"(situation) {
    const { history: { stretched }, newestScore, inflammation, protocol } = situation;
    const hasStretched = stretched !== undefined && situation.since(stretched) < protocol.stretch_gap;
    const hasSettled = situation.phase !== "acute" && situation.swelling === "reduced" && situation.hasSubsided
      && !situation.isRising && !hasStretched;
    return hasSettled && newestScore && inflammation
      ? step("light_stretches", [scoreOf(newestScore), ["check_in", inflammation.at]])
      : undefined;
  },

  "D-NO-ICE": barred("ice"),
  "D-NO-HEAT": barred("heat"),
  "W-SKIN": ({ next, troubledSkin }) =>
    next !== undefined && troubledSkin !== undefined ? step("wait", [["check_in", troubledSkin]]) : undefined,
  "W-20OFF": binding("W-20OFF"),
  "W-SET": binding("W-SET"),
  "W-DAY": binding("W-DAY"),
  "W-HEATGAP": binding("W-HEATGAP"),
  "W-HEATDAY": binding("W-HEATDAY"),
  "W-TOPICAL": binding("W-TOPICAL"),
  "S-ICE-48": chosen("S-ICE-48"),
  "S-ICE-4872": chosen("S-ICE-4872"),
  "D-RISE-ICE": chosen("D-RISE-ICE"),
  "D-HEAT-4872": chosen("D-HEAT-4872"),
  "S-HEAT-72": chosen("S-HEAT-72"),
  "D-HEAT-72-UNKNOWN": chosen("D-HEAT-72-UNKNOWN"),
  "D-ICE-72-INFLAMED": chosen("D-ICE-72-INFLAMED"),
  "D-RISE-REST": ({ newestScore }) => step("rest", newestScore ? [scoreOf(newestScore)] : []),
};

/**
 * The test of a rule. A warning sign and a history have none of their own: the pack lists them, so that it can name
 * new ones. Nothing when this version of the engine does not know the rule.
 */
export function testOf(id: string, pack: Pick<Pack, "symptoms" | "conditions">): Test | undefined {
  const known = CODED[id];
  if (known) return known;
  const [, tier, code] = /^R-(EM|UR)-(.+)$/.exec(id) ?? [];
  if (code === undefined) return undefined;
  const action = tier === "EM" ? "seek_emergency_care" : "see_clinician_urgent";
  if (pack.symptoms.some((symptom) => symptom.code === code)) {
    return (situation) => {
      const at = situation.sign(code);
      return at === undefined ? undefined : step(action, [["check_in", at]], { what: code });
    };
  }
  if (pack.conditions.some((condition) => condition.code === code && condition.urgent_until_reviewed)) {
    return ({ history, episode, isReviewedInEpisode }) =>
      episode && history.condition((condition) => condition.code === code) !== undefined && !isReviewedInEpisode
        ? step(action, [["profile"]], { what: code })
        : undefined;
  }
  return undefined;
}
