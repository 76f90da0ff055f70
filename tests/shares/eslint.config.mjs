// All that ESLint recommends, and what keeps a small script readable.
const browser = ["document", "window", "location", "fetch", "crypto", "atob", "addEventListener", "Blob", "URL"];
const shared = ["TextDecoder", "TextEncoder", "DOMParser", "CSSStyleSheet", "Intl", "globalThis"];

export default [
  {
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "module",
      globals: Object.fromEntries([...browser, ...shared].map((name) => [name, "readonly"])),
    },
    rules: {
      "no-undef": "error",
      "no-unused-vars": "error",
      "no-unreachable": "error",
      "no-dupe-keys": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-console": "error",
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: "error",
      "require-await": "error",
      "no-restricted-properties": ["error", { property: "innerHTML" }, { property: "outerHTML" }],
      "max-lines-per-function": ["error", 45],
    },
  },
];
