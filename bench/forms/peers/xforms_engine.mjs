// @getodk/xforms-engine as a driven process: a line asks, a line answers (../engines.py).
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { JSDOM } from "jsdom";

globalThis.__dirname = "."; // the engine's XPath parser looks for it
const { window } = new JSDOM("<!doctype html>");
for (const name of [
  "document", "DOMParser", "XMLSerializer", "Node", "Element", "Document", "XMLDocument", "Attr",
  "Text", "Comment", "CDATASection", "ProcessingInstruction", "XPathResult", "File", "FormData",
  "Blob",
]) {
  globalThis[name] = name === "document" ? window.document : window[name];
}
globalThis.window = window;
const engine = await import("@getodk/xforms-engine");

let root = null;
let places = new Map();

const timed = (work) => {
  const began = performance.now();
  const result = work();
  return [performance.now() - began, result];
};

function* nodesBelow(node) {
  yield node;
  for (const child of node.currentState.children ?? []) yield* nodesBelow(child);
}

const mapPlaces = () => {
  places = new Map();
  for (const node of nodesBelow(root)) {
    // A repeat and what it holds may share a reference: the range comes first.
    if (!places.has(node.currentState.reference)) places.set(node.currentState.reference, node);
  }
};

const nodeAt = (path) => {
  if (!places.has(path)) mapPlaces();
  const node = places.get(path);
  if (node === undefined) throw new Error(`nothing at ${path}`);
  return node;
};

const leavesOf = () => [...nodesBelow(root)].filter((one) => one.currentState.children === null);

const told = () => {
  const leaves = leavesOf();
  const relevant = leaves.filter((one) => one.currentState.relevant);
  const answered = relevant.filter((one) => one.currentState.instanceValue !== "");
  return `${leaves.length} leaves, ${relevant.length} relevant, ${answered.length} answered`;
};

const setText = (node, text) => {
  if (node.nodeType === "select") return node.selectValue(text);
  if (node.valueType === "int") return node.setValue(BigInt(text));
  if (node.valueType === "decimal") return node.setValue(Number(text));
  return node.setValue(text);
};

const operations = {
  async load(file) {
    const xform = readFileSync(file, "utf8");
    root = null;
    places = new Map();
    const began = performance.now();
    const made = await engine.createInstance(xform, {
      form: {
        missingResourceBehavior: "BLANK",
        fetchFormAttachment: () => {
          throw new Error("no attachments");
        },
      },
      instance: {},
    });
    const spent = performance.now() - began;
    root = made.root;
    return [[spent], told()];
  },

  fill(file) {
    const pairs = readFileSync(file, "utf8").trimEnd().split("\n").map((line) => line.split("\t"));
    const nodes = pairs.map(([path, text]) => [nodeAt(path), text]);
    const [spent] = timed(() => nodes.forEach(([node, text]) => setText(node, text)));
    return [[spent], told()];
  },

  answer(path, lookedAt, ...texts) {
    const [node, other] = [nodeAt(path), nodeAt(lookedAt)];
    let seen;
    const spent = texts.map(
      (text) =>
        timed(() => {
          setText(node, text);
          seen = other.currentState.value;
        })[0],
    );
    return [spent, String(seen)];
  },

  choose(path, asked, ...texts) {
    const [node, select] = [nodeAt(path), nodeAt(asked)];
    let seen;
    const spent = texts.map(
      (text) =>
        timed(() => {
          setText(node, text);
          seen = select.currentState.valueOptions.map((option) => option.label.asString);
        })[0],
    );
    return [spent, `${seen.length} ${seen.at(-1)}`];
  },

  survey(path, ...texts) {
    const node = nodeAt(path);
    const leaves = leavesOf();
    const spent = texts.map(
      (text) =>
        timed(() => {
          setText(node, text);
          leaves.map(({ currentState: now, validationState }) => [
            now.value, now.relevant, now.readonly, now.required, validationState.violation,
          ]);
        })[0],
    );
    return [spent, told()];
  },

  grow(path, count) {
    const range = nodeAt(path);
    const [spent] = timed(() => {
      for (let made = 0; made < Number(count); made += 1) range.addInstances();
    });
    return [[spent], String(range.currentState.children.length)];
  },

  write(times) {
    const runs = Array.from({ length: Number(times) }, () =>
      timed(() => root.instanceState.instanceXML),
    );
    const xml = runs.at(-1)[1];
    return [runs.map(([spent]) => spent), String((xml.match(/>[^<\s][^<]*<\//g) ?? []).length)];
  },
};

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [operation, ...given] = line.split("\t");
  try {
    const [spent, proof] = await operations[operation](...given);
    console.log(["ok", proof, ...spent].join("\t"));
  } catch (error) {
    console.log(["no", error.name, String(error.message).slice(0, 200).replace(/\s+/g, " ")].join("\t"));
  }
}
