// Plain English: short sentences, no inversions, and one name for one thing. The names are those of docs/glossary.md.

const { readFileSync } = require("node:fs");

const MOST_WORDS = 35;

/** What a sentence must not contain, and what to write instead. */
const BANNED = [
  [/^(?:What|Who|Whichever) [^?]+\.$/, "Begin with the subject: no 'What … is …', no 'Who … gets …'."],
  [/\b(?:whoever|whatever|whichever)\b/i, "Name the person or the thing."],
  [/\bjust so\b/i, "Say 'identical' or 'unchanged'."],
  [/\bis as good\b/i, "Say what is allowed."],
  [/\bsent again\b/i, "Say 'idempotent' or 'retried'."],
  [/\b(?:thereof|thereby|therein|whilst|hence|alas)\b/i, "Use a plain word."],
  [/\bNothing (?:must|has to) be\b/, "Say that all fields are optional."],
  [/\bas it once was\b/i, "Say 'restores'."],
  [/\bonce more\b/i, "Say 'again'."],
  [/\bholds? no longer\b/i, "Say 'expired' or 'invalid'."],
  [/\bno more than it is\b/i, "Say it directly."],
];

function glossary(path) {
  const rows = readFileSync(path, "utf8").split("\n").filter((line) => /^\| [a-z]/.test(line)).slice(1);
  return rows.flatMap((row) => {
    const [, term, , not] = row.split("|").map((cell) => cell.trim());
    return not.split(", ").filter(Boolean).map((name) => [new RegExp(`\\b${name}s?\\b`, "i"), `Say '${term}'.`]);
  });
}

module.exports = function plain(context) {
  const { Syntax, report, RuleError } = context;
  const names = glossary(process.env.GLOSSARY);
  const path = context.getFilePath() ?? "";
  const isGlossary = path.endsWith("glossary.md");
  // Both packages have modules of the new kind only.
  const ready = Promise.all([import("sentence-splitter"), import("textlint-util-to-string")]);

  async function check(node) {
    const [{ split }, { StringSource }] = await ready;
    const source = new StringSource(node, {
      replacer({ node: part, maskValue }) {
        return part.type === Syntax.Code ? maskValue("x") : undefined;
      },
    });
    const text = source.toString();
    for (const sentence of split(text).filter(({ type }) => type === "Sentence")) {
      const raw = sentence.raw.replace(/\s+/g, " ").trim();
      const say = (message) => report(node, new RuleError(`${message} «${raw.slice(0, 120)}»`, { index: Math.min(source.originalIndexFromIndex(sentence.range[0]) ?? 0, node.raw.length - 1) }));
      const words = raw.split(" ").filter((word) => /\w/.test(word)).length;
      if (words > MOST_WORDS) say(`${words} words; at most ${MOST_WORDS}.`);
      for (const [pattern, message] of [...BANNED, ...(isGlossary ? [] : names)]) if (pattern.test(raw)) say(message);
    }
  }
  return { [Syntax.Paragraph]: check };
};
