// What goes beside the step: companions, questions and precautions. Never decides the step itself.

import type { Decision } from "./decide.js";
import type { Modality } from "./facts.js";
import { TIERS } from "./protocol.js";
import { needsCheck, removal } from "./rules.js";
import type { Situation } from "./situation.js";

const isAtLeast = ({ base }: Pick<Decision, "base">, tier: string) => TIERS.indexOf(base.tier) >= TIERS.indexOf(tier);
const isOneOf = ({ base }: Pick<Decision, "base">, ...tiers: string[]) => tiers.includes(base.tier);

/**
 * What happens with what is still on, when the step is about something else (D25, D31). A step that sends away from
 * the guide takes it off; one that only interrupts lets it run to its end.
 */
export function companion(situation: Situation, decision: Pick<Decision, "base">): string | undefined {
  const isOn = (kind: Modality) => situation.onSince(kind) !== undefined;
  if (decision.base.id === "E-NONE") return removal(isOn);
  if (isOneOf(decision, "emergency", "urgent", "scope", "ended")) return removal((kind) => isOn(kind) || situation.mayBeOn(kind));
  const [first] = isOneOf(decision, "not_better", "stale") ? situation.wear.running : [];
  return first && `continue_${first.modality}`;
}

/** Questions whose answers would change the step, in the order of their codes. */
export function questions(situation: Situation, decision: Decision): string[] {
  const { base: { id } } = decision;
  const isEmergency = isOneOf(decision, "emergency");
  const asksWarningSigns = isProvisional(situation, decision) || isOneOf(decision, "stale", "not_better", "rest");
  const isSelfCare = isAtLeast(decision, "stale");
  const next = isSelfCare ? kindAtHand(situation, decision) : undefined;
  const isProfileUnknown = situation.history.facts.profile?.conditions === undefined;
  const isForgotten = situation.wear.forgotten !== undefined;
  const recurs = carriesRecurrence(situation, decision);
  const asks: [string, boolean][] = [
    ["red_flags", !isEmergency && asksWarningSigns],
    ["cold_contraindications", isProfileUnknown && next === "ice"],
    ["heat_contraindications", isProfileUnknown && next === "heat"],
    ["pain_score", id === "T-OVER" || (isSelfCare && !hasFreshScore(situation))],
    ["inflammation", wouldReliefDecide(situation, decision)],
    ["barrier_used", !isEmergency && !isOneOf(decision, "ended") && situation.wear.running.some(({ barrier }) => barrier === undefined)],
    ["skin", isForgotten || (isSelfCare && isSkinUnknown(situation))],
    ["achy_between_episodes", recurs && situation.history.recurrence.isRecurrent && achy(situation) === undefined],
    ["application_ended", isForgotten],
    ["episode_over", id === "T-OVER"],
    ["new_episode", id === "E-NONE" && hasNewPain(situation)],
    ["inflammatory_pattern", recurs && asksForPattern(situation)],
  ];
  return asks.filter(([, applies]) => applies).map(([question]) => question);
}

/** Whether the first red-flag questions are unanswered. An emergency no longer depends on them. */
export function isProvisional({ episode, history }: Situation, decision: Decision): boolean {
  return episode !== undefined && !history.isScreened && !isOneOf(decision, "emergency");
}

/** The kind that is on or goes on by this step. */
function onOrNext({ baseAction }: Decision): Modality | undefined {
  if (baseAction === "apply_ice" || baseAction === "continue_ice") return "ice";
  return baseAction === "apply_heat" || baseAction === "continue_heat" ? "heat" : undefined;
}

/** The kind that is on or comes next. */
function kindAtHand({ next }: Situation, decision: Decision): Modality | undefined {
  return decision.baseAction === "wait" || decision.baseAction === "check_in" ? next : onOrNext(decision);
}

function hasFreshScore(situation: Situation): boolean {
  const { newestScore, protocol } = situation;
  return newestScore !== undefined && !situation.isOlderThan(newestScore.at, protocol.subsided_fresh);
}

/**
 * Whether a report that inflammation is down would change the answer, now or at the next step. From 48 hours on it
 * opens heat and stretches; it lets early or inflamed heat stay on; and any report ends a silence.
 */
function wouldReliefDecide(situation: Situation, decision: Decision): boolean {
  const { phase, protocol, history: { newest } } = situation;
  const isOpen = situation.swelling !== "reduced";
  switch (decision.base.id) {
    case "T-STALE":
    case "X-HEAT-INFLAMED":
      return true;
    case "X-HEAT-EARLY":
      return phase === "transition" && isOpen;
    case "T-OVER":
      return newest !== undefined && situation.since(newest.at) >= protocol.over_silence;
    default:
      return isAtLeast(decision, "stale") && phase !== undefined && phase !== "acute" && isOpen;
  }
}

/** Whether the skin was not normal, or was not looked at since something came off. */
function isSkinUnknown({ wear: { lastOff }, skin, troubledSkin }: Situation): boolean {
  return (lastOff !== undefined && (skin === undefined || skin.at < lastOff)) || troubledSkin !== undefined;
}

/** Recurrence is spoken of where there is time for it (D26). */
function carriesRecurrence({ episode }: Situation, decision: Decision): boolean {
  return episode !== undefined && isOneOf(decision, "ended", "not_better", "stretches", "treatment", "rest");
}

const achy = ({ history }: Situation) => history.facts.profile?.achy_between_episodes;

/** A score without an episode that may be a new spasm. */
function hasNewPain(situation: Situation): boolean {
  const { protocol } = situation;
  return situation.scores.some(({ at, points }) =>
    points >= protocol.new_spasm_score && !situation.isOlderThan(at, protocol.new_spasm_fresh));
}

/** Whether the inflammatory pattern is worth asking for, and was not answered while the answer counts. */
function asksForPattern(situation: Situation): boolean {
  const { episode, protocol, history: { patternAnswered } } = situation;
  if (!episode) return false;
  const isLong = episode.ended === undefined && situation.since(episode.started) >= protocol.not_better;
  const isAnswered = patternAnswered !== undefined
    && (patternAnswered >= episode.started - protocol.before_episode || situation.since(patternAnswered) < protocol.emergency_live);
  return (isLong || isFrequent(situation)) && !isAnswered;
}

/** Precautions and advice, in the order of their codes. Beside a red flag only what belongs to every answer. */
export function precautions(situation: Situation, decision: Decision): string[] {
  const { base: { id }, baseAction } = decision;
  const isRedFlag = !isAtLeast(decision, "stop");
  const kind = onOrNext(decision);
  const isAboutCare = isAtLeast(decision, "running");
  const isForgotten = situation.wear.forgotten !== undefined;
  const rests = isAboutCare && callsForRest(situation);
  const recurs = carriesRecurrence(situation, decision);
  const { isRecurrent } = situation.history.recurrence;
  const hasDoubtfulBarrier = situation.wear.running.some(({ barrier }) => barrier !== true);
  const says: [string, boolean][] = [
    ["barrier", !isRedFlag && (kind === "ice" || hasDoubtfulBarrier)],
    ["max_20_min", kind !== undefined],
    ["rest", rests],
    ["do_not_fall_asleep", kind !== undefined || id === "X-SLEEP"],
    ["check_skin", kind !== undefined || isOneOf(decision, "stop") || isForgotten],
    ["cover", kind === "heat"],
    ["explain_evidence", isHeatEarly(situation, decision)],
    ["suggest_clinician", !isRedFlag && isClinicianWorthIt(situation, decision)],
    ["ask_clinician_or_pharmacist", !isRedFlag && isCaution(situation, decision, kind)],
    ["follow_clinician_advice", baseAction === "light_stretches" || id === "O-REVIEWED" || situation.isReviewedLately],
    ["ask_midwife_or_gp", isAtLeast(decision, "not_better") && has(situation, "pregnant")],
    ["ask_clinician_stenosis", isAboutCare && has(situation, "lumbar_stenosis")],
    ["muscle_balance_assessment", recurs && isRecurrent && achy(situation) === true],
    ["nsaid_option", isMedicineAnOption(situation, decision)],
    ["cream_option", isCreamAnOption(situation, decision)],
    ["avoid_aggravating", rests && !isLongInBed(situation)],
    ["probably_a_strain", recurs && !isRecurrent && hurts(situation) === false],
    ["prevention", recurs && isRecurrent && achy(situation) === false],
    ["over_the_limit", baseAction.startsWith("continue_") && kind !== undefined && situation.wear.rhythm.isTooSoon(kind)],
    ["entered_by_mistake", isRedFlag],
    ["allergic_reaction_signs", situation.isAllergic],
  ];
  return says.filter(([, applies]) => applies).map(([code]) => code);
}

function has({ history }: Situation, code: string): boolean {
  return history.condition((condition) => condition.code === code) !== undefined;
}

/** A-REST, D23. */
function callsForRest(situation: Situation): boolean {
  return situation.phase === "acute" || hurts(situation) === true || isLongInBed(situation);
}

/** Whether the person has been in bed for too long (D23). */
export function isLongInBed(situation: Situation): boolean {
  const { history: { resting }, protocol } = situation;
  return resting !== undefined && situation.isOlderThan(resting, protocol.bed_max);
}

/** Whether the newest score is above what counts as subsided; unknown without a score. */
function hurts({ newestScore, protocol }: Situation): boolean | undefined {
  return newestScore && newestScore.points > protocol.subsided_score;
}

/** Heat in the acute phase is outside the guide, not a mistake: say so while it is on, and once it is over. */
function isHeatEarly({ episode, wear, plan }: Situation, decision: Decision): boolean {
  const end = wear.offSince("heat");
  const hadHeat = episode !== undefined && end !== undefined && end >= episode.anchor;
  return decision.base.id === "X-HEAT-EARLY" || (isOneOf(decision, "treatment") && plan === "S-ICE-48" && hadHeat);
}

function isClinicianWorthIt(situation: Situation, decision: Decision): boolean {
  const isDueForCheck = isAtLeast(decision, "stale") && situation.hasFreshSpasm && needsCheck(situation) && !situation.isReviewedLately;
  return isDueForCheck
    || decision.base.id === "D-ICE-72-INFLAMED"
    || (carriesRecurrence(situation, decision) && isFrequent(situation))
    || (isAtLeast(decision, "stretches") && isUnusualFirstAge(situation));
}

function isFrequent({ history, protocol, now }: Situation): boolean {
  return history.recurrence.withinAYear(protocol, now) >= protocol.frequent;
}

/** A first-ever back pain in the young or the old: a weak sign that never blocks (3.3 B). */
function isUnusualFirstAge(situation: Situation): boolean {
  const { protocol, history } = situation;
  const isUnusual = situation.isYoungerThan(protocol.first_pain_young) || situation.isAtLeast(protocol.first_pain_old + 1);
  return isUnusual && !history.recurrence.isRecurrent;
}

function isCaution(situation: Situation, decision: Decision, kind: Modality | undefined): boolean {
  const asksFirst = situation.isAtLeast(situation.protocol.fragile_age)
    || situation.history.condition(({ ask_first }) => ask_first) !== undefined;
  return ["D-NO-ICE", "D-NO-HEAT", "D-ICE-72-INFLAMED"].includes(decision.base.id) || (kind !== undefined && asksFirst);
}

/** A-MED: an option while it hurts, and only where nothing of list 3.3 E is known. */
function isMedicineAnOption(situation: Situation, decision: Decision): boolean {
  const { protocol, history } = situation;
  const { medicine } = history;
  const isRecent = medicine !== undefined && situation.since(medicine) < protocol.medicine_gap;
  return isReliefDue(situation, decision)
    && !situation.isYoungerThan(protocol.guide_age)
    && !situation.isAtLeast(protocol.nsaid_age + 1)
    && !isRecent
    && !situation.isRising
    && history.condition(({ no_nsaid }) => no_nsaid) === undefined
    && history.medicineDays(situation.now) < protocol.nsaid_max;
}

/** A-CREAM: an option while it hurts, never near heat and never on troubled skin. */
function isCreamAnOption(situation: Situation, decision: Decision): boolean {
  return isReliefDue(situation, decision)
    && situation.next === "ice"
    && situation.troubledSkin === undefined
    && situation.rub === undefined
    && situation.history.condition(({ no_cream }) => no_cream) === undefined;
}

/** Whether there is pain to relieve, as far as is known, and the step is about relief. */
function isReliefDue(situation: Situation, decision: Decision): boolean {
  return isOneOf(decision, "treatment", "rest") && (hurts(situation) ?? true);
}
