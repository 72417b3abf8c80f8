// A talk of two hundred lines for the tests of what an episode's page can do: three people, one of
// whom only listens, and a sentence that two of them share.
const start = [
  ["Speaker 0", "我们先看第一座桥。", "First we look at the first bridge."],
  ["Speaker 1", "对。", "Right."],
  ["Speaker 0", "然后是第二座，它更长。", "Then the second one, which is longer."],
  ["Speaker 2", "它有多长？", "How long is it?"],
  ["Speaker 0", "那要看你从", "That depends on where you"],
  ["Speaker 2", "哪里量起。", "start to measure."],
];

export const talk = [
  ...start,
  ...Array.from({ length: 194 }, (_, index) => [
    ["Speaker 0", "Speaker 2"][Math.floor(index / 5) % 2],
    `这是第 ${index} 句话，说的是河上的一座桥，和桥下走过的船。`,
    `This is sentence number ${index}, about a bridge over the river and the boats below it.`,
  ]),
];

/** The files of a site with this talk. */
export const files = [
  ["site.toml", 'title = "Bridges"\nlanguages = ["zh-Hans", "en"]\n'],
  ["content/bridges/show.toml", 'title = { zh-Hans = "桥", en = "Bridges" }\n'],
  ["content/bridges/one.txt", `+++\ntitle = { zh-Hans = "一座桥", en = "A bridge" }\n+++\n${talk.map((said) => said.join("\n\n")).join("\n\n")}\n`],
];
