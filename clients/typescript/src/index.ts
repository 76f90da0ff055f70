export * from "./api/index.js";
export * from "./store/index.js";
