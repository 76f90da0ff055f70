export { type Change, type ChangeResult, Log, type QueuedChange, timeOf } from "./log.js";
export { type Contents, type Kind, KINDS, PROFILE_ID, type Shown } from "./kinds.js";
export { type Batch, type Contained, type Entry, MemoryStorage, type Meta, type Refused, type Storage, type Wish } from "./storage.js";
export { keepInSync, type KeepInSyncOptions, type Page, sync, type SyncState, type Transport, transportOf } from "./sync.js";
