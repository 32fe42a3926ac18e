// Builds the stylesheet, the type and the icons into web/built/ (never committed): `npm run build`.
//
// The order of the cascade is the order of `sources`: the Voorbeeld theme gives every token of the design system,
// web/styles/theme.css gives ours, the Utrecht components use them, web/styles/own/ adds what is only ours.
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { transform } from "lightningcss";
import postcss from "postcss";
import selectorParser from "postcss-selector-parser";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PACKAGES = join(ROOT, "node_modules");
const STYLES = join(ROOT, "web", "styles");
const OWN = ["frame", "pieces", "forms", "office", "charts", "front", "print"];
const BUILT = join(ROOT, "web", "built");
const FONT = join(PACKAGES, "@fontsource-variable", "noto-sans");
const TARGETS = { chrome: 90 << 16, safari: 15 << 16, firefox: 90 << 16 }; // phones of 2021 and later
const FONT_SUBSETS = ["latin", "latin-ext"]; // Dutch, English, Turkish and Polish

const HEADER = `/*!
 * Components: @utrecht/component-library-css, tokens: @nl-design-system-unstable/voorbeeld-design-tokens. Both EUPL-1.2;
 * copyright Gemeente Utrecht, Frameless B.V. and the NL Design System community; pruned and minified, else unchanged.
 * Type: Noto Sans, OFL-1.1, see fonts/LICENSE. Theme and own layer: Wijkcheque, EUPL-1.2.
 */
`;

const read = (...parts) => readFileSync(join(...parts), "utf8");

/** Names of one list file: one name a line, `#` starts a remark. */
function listed(name) {
  return read(STYLES, name)
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter(Boolean);
}

/** The tokens of the Voorbeeld theme that the Utrecht components can use, on the root element. */
function themeTokens() {
  const theme = postcss.parse(read(PACKAGES, "@nl-design-system-unstable", "voorbeeld-design-tokens", "dist", "theme.css"));
  theme.walkRules((rule) => {
    rule.selector = ":root";
  });
  theme.walkDecls((declaration) => {
    if (!/^--(basis|utrecht|voorbeeld)-/.test(declaration.prop)) declaration.remove();
  });
  return theme;
}

/** The Utrecht library with only the components we list: a selector that names another component goes. */
function components() {
  const kept = new Set(listed("components.txt"));
  const library = postcss.parse(read(PACKAGES, "@utrecht", "component-library-css", "dist", "index.css"));
  const isKept = (selector) => {
    let keep = true;
    selectorParser((root) => {
      root.walkClasses(({ value }) => {
        const component = value.replace(/(__|--).*/, "").replace(/^utrecht-/, "");
        if (value.startsWith("utrecht-") && !kept.has(component)) keep = false;
      });
    }).processSync(selector);
    return keep;
  };
  library.walkRules((rule) => {
    if (rule.parent.type === "atrule" && /keyframes$/.test(rule.parent.name)) return;
    const selectors = rule.selectors.filter(isKept);
    if (selectors.length) rule.selectors = selectors;
    else rule.remove();
  });
  library.walkAtRules((rule) => {
    if (rule.name === "charset" || rule.nodes?.length === 0) rule.remove();
  });
  library.walkComments((comment) => comment.remove());
  return library;
}

/** The faces of the variable font, for the scripts our languages are written in. */
function fontFaces() {
  const faces = postcss.parse(read(FONT, "wght.css"));
  faces.walkAtRules("font-face", (face) => {
    if (!FONT_SUBSETS.some((subset) => face.toString().includes(`/noto-sans-${subset}-wght-`))) face.remove();
  });
  faces.walkDecls("src", (source) => {
    source.value = source.value.replace("./files/", "./fonts/");
  });
  faces.walkComments((comment) => comment.remove());
  return faces;
}

/** Take out every token that nothing refers to; again until nothing goes, because tokens refer to tokens. */
function dropUnusedTokens(sheet) {
  for (let dropped = true; dropped; ) {
    dropped = false;
    const used = new Set();
    sheet.walkDecls((declaration) => {
      for (const [, name] of declaration.value.matchAll(/var\(\s*(--[\w-]+)/g)) used.add(name);
    });
    sheet.walkDecls(/^--/, (declaration) => {
      if (used.has(declaration.prop)) return;
      declaration.remove();
      dropped = true;
    });
  }
  sheet.walkRules((rule) => {
    if (rule.nodes.length === 0) rule.remove();
  });
}

function stylesheet() {
  const sources = [fontFaces(), themeTokens(), postcss.parse(read(STYLES, "theme.css")), components(), ...OWN.map((name) => postcss.parse(read(STYLES, "own", `${name}.css`)))];
  const sheet = postcss.root();
  for (const source of sources) sheet.append(source.nodes);
  dropUnusedTokens(sheet);
  const { code } = transform({
    filename: "wijk.css",
    code: Buffer.from(sheet.toString()),
    minify: true,
    targets: TARGETS,
  });
  return HEADER + code.toString();
}

/** The drawing inside each listed icon, by name; the `icon` template tag writes the frame around it. */
function icons() {
  const drawings = {};
  for (const name of listed("icons.txt")) {
    const svg = read(PACKAGES, "lucide-static", "icons", `${name}.svg`);
    drawings[name] = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s+/g, " ").trim();
  }
  return drawings;
}

/** Build beside the old folder and change places at the end: a page served meanwhile keeps its stylesheet. */
function build() {
  const fresh = `${BUILT}.${process.pid}`;
  const old = `${fresh}.old`;
  mkdirSync(join(fresh, "fonts"), { recursive: true });
  const css = stylesheet();
  writeFileSync(join(fresh, "wijk.css"), css);
  writeFileSync(join(fresh, "icons.json"), JSON.stringify(icons()));
  cpSync(join(PACKAGES, "lucide-static", "LICENSE"), join(fresh, "icons.LICENSE"));
  cpSync(join(FONT, "LICENSE"), join(fresh, "fonts", "LICENSE"));
  for (const subset of FONT_SUBSETS) {
    const file = `noto-sans-${subset}-wght-normal.woff2`;
    cpSync(join(FONT, "files", file), join(fresh, "fonts", file));
  }
  try {
    renameSync(BUILT, old);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  renameSync(fresh, BUILT);
  rmSync(old, { recursive: true, force: true });
  console.log(`web/built/wijk.css: ${Math.round(css.length / 1024)} KB`);
}

build();
