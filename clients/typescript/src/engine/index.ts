export { type Alarm, evaluate, type NextStep, readPack, schedule } from "./evaluate.js";
export type { Facts } from "./facts.js";
export { factsOf, type Place } from "./from_log.js";
export { ENGINE, Pack, PackError, type RulePack } from "./protocol.js";
